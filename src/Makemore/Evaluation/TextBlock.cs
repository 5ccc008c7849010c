namespace Makemore;

/// <summary>The loss on a block of a text: the tokens that begin in one KiB of it. What is near in a text is alike, so the losses of
/// tokens, or of short windows, say less than as many independent ones; those of blocks are nearly independent, and standard errors
/// and tests are over blocks.</summary>
/// <remarks>The non-overlapping blocks of Carlstein: "The use of subseries values for estimating the variance of a general statistic
/// from a stationary sequence", 1986.</remarks>
/// <param name="Nats">The total loss.</param>
/// <param name="Tokens">The number of tokens.</param>
/// <param name="Bytes">The number of their bytes in UTF-8.</param>
public sealed record TextBlock(double Nats, int Tokens, int Bytes)
{
    /// <summary>The size of a block in bytes.</summary>
    public const int Size = 1024;

    /// <summary>The loss per token on consecutive windows of a text.</summary>
    public static LossSummary PerToken(IEnumerable<WordLoss> windows, Vocabulary vocabulary) =>
        LossSummary.Of(Of(windows, vocabulary).Select(block => (block.Nats, block.Tokens)));

    /// <summary>The loss per byte on consecutive windows of a text.</summary>
    public static LossSummary PerByte(IEnumerable<WordLoss> windows, Vocabulary vocabulary) =>
        LossSummary.Of(Of(windows, vocabulary).Select(block => (block.Nats, block.Bytes)));

    /// <summary>The blocks of consecutive windows of a text.</summary>
    public static IEnumerable<TextBlock> Of(IEnumerable<WordLoss> windows, Vocabulary vocabulary)
    {
        var (at, block) = (0L, new TextBlock(0, 0, 0));
        foreach (var window in windows)
            for (var t = 0; t < window.Tokens; t++)
            {
                var bytes = vocabulary.ByteCount(window.Targets[t]);
                block = new(block.Nats + window.Nats[t], block.Tokens + 1, block.Bytes + bytes);
                if (at / Size != (at += bytes) / Size)
                {
                    yield return block;
                    block = new(0, 0, 0);
                }
            }
        if (block.Tokens > 0)
            yield return block;
    }
}
