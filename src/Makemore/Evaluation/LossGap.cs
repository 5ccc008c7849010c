namespace Makemore;

/// <summary>The generalization gap: how much worse a model is on words that it was not trained on.</summary>
/// <param name="Nats">The test loss minus the training loss, in nats per token.</param>
/// <param name="StandardError">The standard error of the difference. The losses are independent, because no word is in both parts
/// (though an equal one may be).</param>
public sealed record LossGap(double Nats, double StandardError)
{
    /// <summary>The gap between the losses on two sets of words.</summary>
    public static LossGap Of(LossSummary train, LossSummary test) => new(
        test.Nats - train.Nats,
        Math.Sqrt((train.StandardError * train.StandardError) + (test.StandardError * test.StandardError)));
}
