using System.Text;

namespace Makemore.Tests;

/// <summary>A text as one stream of tokens.</summary>
public sealed class TextCorpusTests : IDisposable
{
    private const string Lines = "To be, or not to be:\nthat is the question.\n\n\tWhether 'tis nobler\nin the mind to suffer\n";

    private static readonly string Long = string.Concat(Enumerable.Range(0, 40).Select(i => $"{i}: {Lines}"));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("90/5/5"), InlineData("80/10/10"), InlineData("50/50")]
    public void Parts_AreTheTextAndEndWithLines(string shares)
    {
        var parts = TextParts.Of(Long, SplitShares.Parse(shares).Value()).Value();
        Assert.Equal(Long, parts.Train + parts.Validation + parts.Test);
        Assert.Equal(shares == "50/50", parts.Validation.Length == 0);
        Assert.All(new[] { parts.Train, parts.Test }, part => Assert.EndsWith("\n", part));
        Assert.Equal((double)SplitShares.Parse(shares).Value().Train, 100.0 * parts.Train.Length / Long.Length, 2.0);
    }

    [Fact]
    public void Parts_WithoutLineEnds_AreCutBetweenCharacters()
    {
        var text = string.Concat(Enumerable.Repeat("👩‍👩‍👧e\u0301 ", 50));
        var parts = TextParts.Of(text).Value();
        Assert.Equal(text, parts.Train + parts.Validation + parts.Test);
        Assert.Equal(TextElements.Count(text), new[] { parts.Train, parts.Validation, parts.Test }.Sum(part => TextElements.Count(part)));
    }

    /// <summary>But for the beginning, from half a block of context or more.</summary>
    [Fact]
    public void InOrder_OfAnyLength_PredictsEveryTokenOnce()
    {
        foreach (var (length, block, size) in
                 from length in Enumerable.Range(2, 30) from block in Enumerable.Range(2, 7) from size in Enumerable.Range(1, 3) select (length, block, size))
        {
            var text = Encoded([.. Enumerable.Range(1, length)]);
            var predicted = new List<int>();
            foreach (var batch in new Batches(text, block, size).InOrder())
            {
                var (x, y, width) = (batch.X.ToInts(), batch.Y.ToInts(), batch.X.Shape[1]);
                for (var i = 0; i < y.Length; i++)
                    if (y[i] >= 0)
                    {
                        Assert.Equal(x[i] + 1, y[i]);
                        Assert.True(y[i] <= block + 1 || (i % width) + 1 > block / 2, $"{length} {block} {size}: {y[i]}");
                        predicted.Add(y[i]);
                    }
            }
            Assert.Equal(Enumerable.Range(2, length - 1), predicted);
        }
    }

    [Fact]
    public void At_AnyIndex_HasFullWindowsOfTheText()
    {
        var batches = new Batches(Encoded([.. Enumerable.Range(1, 12)]), 4, 8);
        var seen = new HashSet<int>();
        foreach (var batch in batches.Drawn(Key.FromSeed(1)).Take(20))
        {
            Assert.Equal([8, 4], batch.X.Shape.Sizes);
            Assert.Equal(batch.X.ToInts().Select(token => token + 1), batch.Y.ToInts());
            seen.UnionWith(batch.Y.ToInts());
        }
        Assert.Equal(Enumerable.Range(2, 11), seen.Order());
        Assert.Equal(batches.At(Key.FromSeed(1), 3).X.ToInts(), batches.At(Key.FromSeed(1), 3).X.ToInts());
    }

    [Theory, InlineData("characters"), InlineData("bytes"), InlineData("bpe:270")]
    public void Read_AText_HasItsTokensPieceByPiece(string tokens)
    {
        var corpus = Corpus.Read(new(_folder.Write("a.txt", "\uFEFF" + Long.Replace("\n", "\r\n")), 16, Tokens: TokenKind.Parse(tokens).Value(), IsText: true)).Value();
        Assert.Equal(Long, string.Concat(new[] { corpus.Train, corpus.Validation, corpus.Test }.Select(piece => corpus.Vocabulary.Decode(piece[0]))));
        Assert.Equal(corpus.Vocabulary.Encode(corpus.Split.Test[0]).Value(), corpus.Test[0].ToArray());
        Assert.Equal(corpus.Train.Pairs().Count(), corpus.Train[0].Length - 1);
    }

    public static TheoryData<string, string> Bad => new()
    {
        { "", "the file is empty" },
        { "a\0b\nc", "not a text file: line 1 has byte 0x00" },
        { "ab", "the validation piece of the text is empty: 3 characters are too few to split" },
        { Lines, "the validation piece of the text is empty: 87 characters are too few to split" },
        { "e\u0301\n\n", "the validation piece of the text is empty: 3 characters are too few to split" },
    };

    [Theory, MemberData(nameof(Bad))]
    public void Read_ABadText_SaysWhatIsWrong(string text, string message)
    {
        var path = _folder.Write("bad.txt", text);
        Assert.StartsWith($"{path}: {message}", Corpus.Read(new(path, IsText: true)).Message());
    }

    [Fact]
    public void Read_Latin1_SaysHowToConvertIt()
    {
        File.WriteAllBytes(_folder["latin1.txt"], Encoding.Latin1.GetBytes("caf\u00e9\n"));
        Assert.Contains("line 1 is not UTF-8: byte 0xE9", Corpus.Read(new(_folder["latin1.txt"], IsText: true)).Message());
    }

    [Fact]
    public void Read_LargerThanMemory_IsRefused() => Assert.EndsWith(
        $"the text has {Long.Length} bytes, and at most 100 are held in memory",
        Corpus.Read(new(_folder.Write("large.txt", Long), InMemory: 100, IsText: true)).Message());

    [Fact]
    public void Blocks_OfAText_AreKibibytes()
    {
        var vocabulary = Vocabulary.Of(BytePairs.None);
        var windows = Enumerable.Range(0, 30).Select(_ => new WordLoss([.. Enumerable.Repeat('a' + 1, 100)], [.. Enumerable.Repeat(0.5f, 100)]));
        var blocks = TextBlock.Of(windows, vocabulary).ToArray();
        Assert.Equal([1024, 1024, 952], blocks.Select(block => block.Bytes));
        Assert.Equal([512, 512, 476], blocks.Select(block => block.Nats));
        Assert.Equal(0.5, TextBlock.PerByte(windows, vocabulary).Nats);
    }

    [Theory, InlineData("characters"), InlineData("bytes"), InlineData("bpe:300")]
    public void Stream_OfTokens_IsWholeCharacters(string kind)
    {
        const string Text = "e\u0301té 👩‍👩‍👧 été\nété";
        var words = Words.Of(Text, Text);
        var vocabulary = kind == "bpe:300"
            ? Vocabulary.Of(BytePairs.Learn([Text, Text], 9))
            : TokenKind.Parse(kind).Bind(parsed => parsed.Of(words, words)).Value();
        var pieces = vocabulary.Stream(vocabulary.Encode(Text).Value()).ToArray();
        Assert.Equal(Text, string.Concat(pieces));
        Assert.All(pieces, piece => Assert.DoesNotContain('\uFFFD', piece));
    }

    private static IEncodedText Encoded(int[] tokens)
    {
        var vocabulary = Vocabulary.FromElements(tokens.Select(token => $"{(char)(0x4E00 + token)}")).Value();
        return EncodedText.Of(vocabulary, string.Concat(tokens.Select(token => (char)(0x4E00 + token)))).Value();
    }
}
