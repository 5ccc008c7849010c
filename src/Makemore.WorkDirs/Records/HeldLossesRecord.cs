namespace Makemore;

/// <summary>The output of --evaluate FILE --json.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Parameters">The number of its parameters.</param>
/// <param name="Loss">The loss on all words.</param>
/// <param name="Nats">The total loss of each word, in the order of the file, or of each KiB of a text.</param>
/// <param name="Tokens">The number of tokens of each word, its end included, or of each KiB.</param>
/// <param name="Bytes">The number of bytes of the tokens in each KiB of a text; null for words.</param>
internal sealed record HeldLossesRecord(
    string Model, long Parameters, LossSummary Loss, IReadOnlyList<double> Nats, IReadOnlyList<int> Tokens,
    IReadOnlyList<int>? Bytes = null)
{
    /// <summary>The losses of words.</summary>
    public static HeldLossesRecord Of(string model, long parameters, TokenLosses losses) => new(
        model, parameters, losses.Summary, [.. losses.Words.Select(word => word.Total)], [.. losses.Words.Select(word => word.Tokens)]);

    /// <summary>The losses of the KiB of a text.</summary>
    public static HeldLossesRecord OfText(string model, long parameters, TextBlock[] blocks) => new(
        model, parameters, LossSummary.Of(blocks.Select(block => (block.Nats, block.Tokens))),
        [.. blocks.Select(block => block.Nats)], [.. blocks.Select(block => block.Tokens)], [.. blocks.Select(block => block.Bytes)]);

    /// <summary>The total loss and the number of tokens of each word.</summary>
    public IReadOnlyList<(double Nats, int Tokens)> ByWord() => [.. Nats.Zip(Tokens)];
}
