namespace Makemore;

/// <summary>The loss of each token of a word.</summary>
/// <param name="Targets">The word's tokens, followed by the stop.</param>
/// <param name="Nats">The loss of each target: −ln of its probability.</param>
public sealed record WordLoss(IReadOnlyList<int> Targets, IReadOnlyList<float> Nats)
{
    /// <summary>The number of tokens, including the stop.</summary>
    public int Tokens => Targets.Count;

    /// <summary>The sum of the losses in nats.</summary>
    public double Total => Nats.Sum(nats => (double)nats);
}
