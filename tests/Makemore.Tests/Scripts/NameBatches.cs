using Makemore.Tests.Script;

namespace Makemore.Tests.Scripts;

/// <summary>Batches of names.</summary>
internal static class NameBatches
{
    private const int BlockSize = 16;

    /// <summary>The vocabulary of names.</summary>
    public static Vocabulary Letters { get; } =
        Vocabulary.FromElements("abcdefghijklmnopqrstuvwxyz".Select(letter => $"{letter}")).Value();

    private static readonly Lazy<EncodedWords> Many = new(() => EncodedWords.Of(
        Letters, Words.Of([.. File.ReadLines(Path.Combine(HostProcess.Repository, "data", "names.txt")).Take(1000)])).Value());

    /// <summary>A batch of 32 names on an engine, a pure function of the step.</summary>
    public static Batch Drawn(IEngine engine, long step) =>
        new Batches(Many.Value, BlockSize, BatchSize: 32, Engine: engine).At(Key.FromSeed(8), step);

    /// <summary>A batch of words on an engine, trimmed to the longest.</summary>
    public static Batch Batch(IEngine engine, params string[] words)
    {
        var encoded = EncodedWords.Of(Letters, Words.Of(words)).Value();
        return new Batches(encoded, BlockSize, BatchSize: words.Length, Engine: engine).InOrder().Single();
    }
}
