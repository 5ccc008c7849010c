namespace Makemore.Tests;

/// <summary>Documents longer than a sequence, split into windows.</summary>
public sealed class WindowsTests
{
    private const int Block = 4;
    private static readonly Key Seed = Key.FromSeed(3407);
    private static readonly string[] Documents = ["abcdefghij", "a", "abc", "abcd", "cabbage"];

    [Fact]
    public void InOrder_Documents_PredictEveryTokenOnce()
    {
        var predicted = Rows(Batches().InOrder()).Select(row => row.Y);
        var expected = Documents.SelectMany(document => (int[])[.. Tokens(document), Vocabulary.Stop]);
        Assert.Equal(expected, predicted.SelectMany(y => y));
    }

    [Fact]
    public void InOrder_Windows_SeeTheTokenBeforeEach()
    {
        var rows = Rows(Batches().InOrder()).ToArray();
        Assert.Equal([0, 1, 2, 3], rows[0].X);
        Assert.Equal([1, 2, 3, 4], rows[0].Y);
        Assert.Equal([4, 5, 6, 7], rows[1].X);
        Assert.Equal([8, 9, 10], rows[2].X);
        Assert.Equal([9, 10, 0], rows[2].Y);
        Assert.Equal([0, 1], rows[3].X);
    }

    [Fact]
    public void At_Windows_AreThoseOfTheDocumentsAndDependOnKeyAndIndexOnly()
    {
        var possible = Documents.SelectMany(Windows).ToHashSet();
        var drawn = Rows(Batches().Drawn(Seed).Take(200)).Select(row => string.Join(' ', row.X.Append(row.Y[^1]))).ToArray();
        Assert.Equal(possible, drawn.ToHashSet());
        Assert.Equal(drawn, Rows(Batches().Drawn(Seed).Take(200)).Select(row => string.Join(' ', row.X.Append(row.Y[^1]))));

        static IEnumerable<string> Windows(string document)
        {
            int[] tokens = [Vocabulary.Stop, .. Tokens(document), Vocabulary.Stop];
            return Enumerable.Range(0, Math.Max(1, tokens.Length - Block))
                .Select(start => string.Join(' ', tokens.Skip(start).Take(Block + 1)));
        }
    }

    [Fact]
    public void Batches_OfWordsThatFit_InOrderAreThoseWithoutWindows()
    {
        var words = new Batches(Encode("ab", "abc", "a"), Block, 2);
        Assert.Equal(
            words.InOrder().SelectMany(batch => batch.Y.ToInts()),
            (words with { Windows = true }).InOrder().SelectMany(batch => batch.Y.ToInts()));
    }

    private static Batches Batches() => new(Encode(Documents), Block, 3, Windows: true);

    /// <summary>The rows of batches without their padding.</summary>
    private static IEnumerable<(int[] X, int[] Y)> Rows(IEnumerable<Batch> batches) =>
        from batch in batches
        let width = batch.X.Shape[1]
        from row in batch.X.ToInts().Chunk(width).Zip(batch.Y.ToInts().Chunk(width), (x, y) => (X: x, Y: y))
        let length = row.Y.Count(token => token >= 0)
        select (row.X[..length], row.Y[..length]);

    private static int[] Tokens(string document) => [.. document.Select(letter => letter - 'a' + 1)];

    private static EncodedWords Encode(params string[] words) =>
        EncodedWords.Of(Vocabulary.Of(Words.Of(Documents)), Words.Of(words)).Value();
}
