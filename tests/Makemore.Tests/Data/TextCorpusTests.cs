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
    public void Pieces_AreTheTextAndEndWithLines(string shares)
    {
        var (train, validation, test) = Pieces(Long, shares);
        Assert.Equal(Long, train + validation + test);
        Assert.Equal(shares == "50/50", validation.Length == 0);
        Assert.All(new[] { train, test }, piece => Assert.EndsWith("\n", piece));
        Assert.Equal((double)SplitShares.Parse(shares).Value().Train, 100.0 * train.Length / Long.Length, 2.0);
    }

    /// <summary>Of emoji and accents, so that hardly any place is between two characters.</summary>
    [Theory, InlineData("👩‍👩‍👧e\u0323\u0301 "), InlineData("👍🏽")]
    public void Pieces_WithoutLineEnds_AreCutBetweenCharacters(string repeated)
    {
        var text = string.Concat(Enumerable.Repeat(repeated, 1_000_000 / repeated.Length)) + "\n";
        var (train, validation, test) = Pieces(text, "90/5/5");
        var read = Words.Normalize(text);
        Assert.Equal(read, train + validation + test);
        Assert.Equal(TextElements.Count(read), new[] { train, validation, test }.Sum(piece => TextElements.Count(piece)));
        Assert.Equal(90, 100.0 * train.Length / read.Length, 1.0);
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
    public void Read_FromDisk_EqualsMemory(string tokens)
    {
        const string World = "e\u0301 \uFEFFПривет, 東京都\t👍🏽\r\n";
        var path = _folder.Write("a.txt", "\uFEFF" + string.Concat(Enumerable.Repeat(Long + World, 3)));
        var read = string.Concat(Enumerable.Repeat(Long + "é Привет, 東京都\t👍🏽\n", 3));
        var options = new CorpusOptions(path, 16, Tokens: TokenKind.Parse(tokens).Value(), IsText: true);
        var memory = Corpus.Read(options).Value();
        var built = Corpus.Read(options with { InMemory = 0 }).Value();
        var found = Corpus.Read(options with { InMemory = 0, Vocabulary = memory.Vocabulary }).Value();
        Assert.Equal(read, ((IWords)memory.Words)[0]);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(read)), Convert.FromHexString(memory.Hash));
        Assert.Equal(Encoding.UTF8.GetByteCount(read), memory.TextBytes);
        Assert.All(new[] { built, found }, disk =>
        {
            Assert.Equal((memory.Hash, memory.Vocabulary, memory.TextBytes), (disk.Hash, disk.Vocabulary, disk.TextBytes));
            Assert.False(disk.Train.AreInMemory);
            Assert.Equal(Batches(memory), Batches(disk));
            foreach (var (piece, same) in new[] { (memory.Train, disk.Train), (memory.Validation, disk.Validation), (memory.Test, disk.Test) })
            {
                Assert.Equal(piece[0].ToArray(), same[0].ToArray());
                Assert.Equal(piece.Pairs(), same.Pairs());
            }
        });
        Assert.Equal($"a.txt a.txt.{tokens.Replace(':', '-')}.tokens", string.Join(' ', Directory.GetFiles(_folder["."]).Select(Path.GetFileName).Order()));

        static IEnumerable<int> Batches(Corpus corpus) => corpus.Batches(corpus.Train, 4, ManagedEngine.Default).Drawn(Key.FromSeed(2)).Take(9)
            .Concat(corpus.Batches(corpus.Test, 4, ManagedEngine.Default).InOrder()).SelectMany(batch => batch.X.ToInts().Concat(batch.Y.ToInts()));
    }

    /// <summary>Neither a file of another text, nor what anybody may have written there.</summary>
    [Fact]
    public void Read_FromDiskWithABadFile_BuildsItAgain()
    {
        var options = new CorpusOptions(_folder.Write("b.txt", Long), 16, InMemory: 0, IsText: true);
        var tokens = Corpus.Read(options).Value().Test[0].ToArray();
        var file = _folder["b.txt.characters.tokens"];
        var whole = File.ReadAllBytes(file);
        foreach (var bad in new[] { [], [1, 2], whole[..^20], whole[40..], [.. whole, 0, 0, 0, 9] })
        {
            File.WriteAllBytes(file, bad);
            Assert.Equal(tokens, Corpus.Read(options).Value().Test[0].ToArray());
        }
        File.WriteAllBytes(file, [.. Enumerable.Repeat((byte)200, 3000), .. whole[3000..]]);
        var damaged = Corpus.Read(options).Value();
        Assert.Equal($"{file}: damaged; delete it, and it is built again", Assert.Throws<IOException>(() => damaged.Train[0].Length).Message);
        _folder.Write("b.txt", Long + Long);
        Assert.Equal(2 * Long.Length, Corpus.Read(options).Value().TextBytes);
    }

    public static TheoryData<string, string> Bad => new()
    {
        { "", "the file is empty" },
        { "a\0b\nc", "not a text file: line 1 has byte 0x00" },
        { "ab", "the training piece of the text has 3 tokens, and a block of 64 and its next token do not fit" },
        { Lines, "the validation piece of the text is empty: 87 characters are too few to split" },
        { "e\u0301\n\n", "the training piece of the text has 3 tokens, and a block of 64 and its next token do not fit" },
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
        const string Text = "x\u0301té 👩‍👩‍👧 été\nété";
        var words = Words.Of(Text, Text);
        var vocabulary = kind == "bpe:300"
            ? Vocabulary.Of(BytePairs.Learn([Text, Text], 9))
            : TokenKind.Parse(kind).Bind(parsed => parsed.Of(words, words)).Value();
        var pieces = vocabulary.Stream(vocabulary.Encode(Text).Value()).ToArray();
        Assert.Equal(Text, string.Concat(pieces));
        Assert.All(pieces, piece => Assert.DoesNotContain('\uFFFD', piece));
    }

    private (string Train, string Validation, string Test) Pieces(string text, string shares)
    {
        var corpus = Corpus.Read(new(_folder.Write("pieces.txt", text), 2, SplitShares.Parse(shares).Value(), IsText: true)).Value();
        return (Text(corpus.Split.Train), Text(corpus.Split.Validation), Text(corpus.Split.Test));

        static string Text(IWords piece) => piece.Count > 0 ? piece[0] : "";
    }

    private static IEncodedText Encoded(int[] tokens)
    {
        var vocabulary = Vocabulary.FromElements(tokens.Select(token => $"{(char)(0x4E00 + token)}")).Value();
        return EncodedText.Of(vocabulary, string.Concat(tokens.Select(token => (char)(0x4E00 + token)))).Value();
    }
}
