namespace Makemore;

/// <summary>The loss of each token of a word.</summary>
/// <param name="Targets">The word's tokens, followed by the stop.</param>
/// <param name="Nats">The loss of each target: −ln of its probability.</param>
/// <param name="Start">The position of the first target: 0, unless those before it are only context.</param>
public sealed record WordLoss(IReadOnlyList<int> Targets, IReadOnlyList<float> Nats, int Start = 0)
{
    /// <summary>The number of tokens, including the stop.</summary>
    public int Tokens => Targets.Count;

    /// <summary>The sum of the losses in nats.</summary>
    public double Total => Nats.Sum(nats => (double)nats);
}
