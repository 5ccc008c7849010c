namespace Makemore.Tests.Scripts;

/// <summary>A few names as a model sees them.</summary>
internal static class Names
{
    private static readonly Vocabulary Letters =
        Vocabulary.FromElements("abcdefghijklmnopqrstuvwxyz".Select(letter => $"{letter}")).Value();

    /// <summary>Words as a batch for an engine, trimmed to the longest.</summary>
    public static Batch Batch(IEngine engine, params string[] words)
    {
        var encoded = EncodedWords.Of(Letters, Words.Of(words)).Value();
        return new Batches(encoded, BlockSize: 16, BatchSize: words.Length, Engine: engine).InOrder().Single();
    }
}
