namespace Makemore;

/// <summary>The output of --evaluate FILE --json.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Parameters">The number of its parameters.</param>
/// <param name="Loss">The loss on all words.</param>
/// <param name="Nats">The total loss of each word, in the order of the file.</param>
/// <param name="Tokens">The number of tokens of each word, its end included.</param>
internal sealed record HeldLossesRecord(
    string Model, long Parameters, LossSummary Loss, IReadOnlyList<double> Nats, IReadOnlyList<int> Tokens)
{
    /// <summary>The total loss and the number of tokens of each word.</summary>
    public IReadOnlyList<(double Nats, int Tokens)> ByWord() => [.. Nats.Zip(Tokens)];
}
