namespace Makemore;

/// <summary>How much worse a model does on words that it did not learn from.</summary>
/// <param name="Nats">The test loss less the training loss, in nats a token.</param>
/// <param name="StandardError">Of the difference: both losses vary independently, because no word is in both parts (an
/// equal one may be).</param>
public sealed record LossGap(double Nats, double StandardError)
{
    /// <summary>The gap between the losses on two sets of words.</summary>
    public static LossGap Of(LossSummary train, LossSummary test) => new(
        test.Nats - train.Nats,
        Math.Sqrt((train.StandardError * train.StandardError) + (test.StandardError * test.StandardError)));
}
