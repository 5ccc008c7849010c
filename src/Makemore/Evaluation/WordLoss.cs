namespace Makemore;

/// <summary>The loss of each token of a word.</summary>
/// <param name="Targets">The word's tokens, and 0, its end.</param>
/// <param name="Nats">The loss of each of them, −ln of the probability that the model gave it.</param>
public sealed record WordLoss(IReadOnlyList<int> Targets, IReadOnlyList<float> Nats)
{
    /// <summary>The number of tokens, the end included.</summary>
    public int Tokens => Targets.Count;

    /// <summary>The sum of the losses in nats.</summary>
    public double Total => Nats.Sum(nats => (double)nats);
}
