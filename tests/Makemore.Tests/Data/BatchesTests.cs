using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;

namespace Makemore.Tests;

public sealed class BatchesTests
{
    private static readonly Key Seed = Key.FromSeed(3407);

    [Fact]
    public void InOrder_Words_AreLaidOutAsInMakemorePy()
    {
        var batches = new Batches(Encode("ab", "a", "cab", "b"), BlockSize: 6, BatchSize: 3).InOrder().ToArray();
        Assert.Equal(2, batches.Length);
        AssertRows(batches[0].X, [0, 1, 2, 0], [0, 1, 0, 0], [0, 3, 1, 2]);
        AssertRows(batches[0].Y, [1, 2, 0, -1], [1, 0, -1, -1], [3, 1, 2, 0]);
        AssertRows(batches[1].X, [0, 2]);
        AssertRows(batches[1].Y, [2, 0]);
    }

    [Fact]
    public void InOrder_NotTrimmed_FillsTheBlock()
    {
        var batch = new Batches(Encode("ab", "a"), BlockSize: 5, BatchSize: 2, Trim: false).InOrder().Single();
        AssertRows(batch.X, [0, 1, 2, 0, 0], [0, 1, 0, 0, 0]);
        AssertRows(batch.Y, [1, 2, 0, -1, -1], [1, 0, -1, -1, -1]);
    }

    [Fact]
    public void Parts_OfShortWords_AreTheBatch() =>
        Assert.All(new Batches(Names(), BlockSize: 16, BatchSize: 64).InOrder(), batch => Assert.Same(batch, batch.Parts().Single()));

    [Fact]
    public void Parts_WithALongWord_HaveAllRowsAndLittlePadding()
    {
        string[] words = [.. Enumerable.Repeat("ab", 20), new string('a', 500), .. Enumerable.Repeat("ba", 20)];
        var batch = new Batches(Encode(words), BlockSize: 501, BatchSize: 64).InOrder().Single();
        var parts = batch.Parts();
        Assert.Equal(Rows(batch), parts.SelectMany(Rows));
        Assert.InRange(parts.Sum(part => part.Y.Shape.Size), 0, 4 * 501);

        static IEnumerable<string> Rows(Batch batch) => batch.X.ToInts().Zip(batch.Y.ToInts()).Chunk(batch.Y.Shape[1])
            .Select(row => string.Join(' ', row.Where(pair => pair.Item2 >= 0)));
    }

    [Fact]
    public void At_AnyIndex_DependsOnKeyAndIndexOnly()
    {
        var batches = new Batches(Names(), BlockSize: 9, BatchSize: 16);
        var (third, _) = (batches.At(Seed, 3), batches.At(Seed, 7));
        Assert.Equal(third.Y.ToInts(), batches.At(Seed, 3).Y.ToInts());
        Assert.Equal(third.Y.ToInts(), batches.Drawn(Seed).ElementAt(3).Y.ToInts());
        Assert.Equal(third.Y.ToInts(), batches.Drawn(Seed, start: 2).ElementAt(1).Y.ToInts());
        Assert.NotEqual(third.Y.ToInts(), batches.At(Seed, 4).Y.ToInts());
        Assert.NotEqual(third.Y.ToInts(), batches.At(Seed.At(1), 3).Y.ToInts());
    }

    [Theory, InlineData(false, false), InlineData(false, true), InlineData(true, false)]
    public void Prefetched_InAnyOrder_EqualsAt(bool areInMemory, bool windows)
    {
        IEncodedWords words = areInMemory ? Names() : OnDemand("emma", "olivia", "ava", "isabella");
        var batches = new Batches(words, BlockSize: windows ? 3 : 9, BatchSize: 4, Windows: windows);
        var prefetched = batches.Prefetched(Seed);
        foreach (var index in (long[])[.. Enumerable.Range(0, 70), 69, 69, 20, 21, 40, 41, 1_000_000_000_000, -1, 0])
        {
            var (expected, actual) = (batches.At(Seed, index), prefetched(index));
            Assert.Equal(expected.X.ToInts(), actual.X.ToInts());
            Assert.Equal(expected.Y.ToInts(), actual.Y.ToInts());
        }
    }

    [Fact]
    public void Prefetched_WhenTheNextIsRequested_ReusesTheBuffers()
    {
        var prefetched = new Batches(Names(), BlockSize: 9, BatchSize: 4).Prefetched(Seed);
        var (first, _) = (prefetched(0), prefetched(1));
        var fault = Assert.Throws<ObjectDisposedException>(first.X.ToInts);
        Assert.Contains("take it from Batches.At", fault.Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(first.Y.ToInts);
    }

    [Fact]
    public void Prefetcher_OfAnIndex_ReadsTheNextFewToo()
    {
        var read = new ConcurrentBag<long>();
        var reader = new Prefetcher<string>(
            index =>
            {
                read.Add(index);
                return $"{index}";
            },
            4);
        Assert.Equal("5", reader.At(5));
        Assert.True(SpinWait.SpinUntil(() => read.Count == 8, TimeSpan.FromSeconds(20)));
        Assert.Equal(Enumerable.Range(6, 6).Select(i => $"{i}"), Enumerable.Range(6, 6).Select(i => reader.At(i)));
        Assert.Equal(Enumerable.Range(4, 8).Select(i => (long)i), read.Distinct().Order().Take(8));
    }

    [Fact]
    public void Prefetched_OfWordsThatCannotBeRead_Throws()
    {
        var prefetched = new Batches(
            new EncodedOnDemand(Vocabulary.Of(Words.Of("ab")), Words.Of("ba", "abc")), BlockSize: 5, BatchSize: 9).Prefetched(Seed);
        Assert.Contains("changed while it was in use", Assert.Throws<IOException>(() => prefetched(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void At_ManyDraws_ReachEveryWordAboutEquallyOften()
    {
        var batches = new Batches(Encode("a", "b", "c", "d"), BlockSize: 2, BatchSize: 100);
        var counts = Enumerable.Range(0, 100).SelectMany(i => batches.At(Seed, i).X.ToInts())
            .Where(token => token > 0).CountBy(token => token);
        Assert.All(counts, count => Assert.InRange(count.Value, 2300, 2700));
        Assert.Equal(4, counts.Count());
    }

    [Fact]
    public void At_Trimmed_IsTheUntrimmedCutAtTheLongestWord() =>
        Prop.ForAll<int, PositiveInt>((index, size) =>
        {
            var full = new Batches(Names(), BlockSize: 9, BatchSize: 1 + (size.Get % 9), Trim: false);
            var (whole, trimmed) = (full.At(Seed, index), (full with { Trim = true }).At(Seed, index));
            var width = trimmed.X.Shape[1];
            return Rows(whole.X).Select(row => row[..width]).SelectMany(row => row).SequenceEqual(trimmed.X.ToInts())
                && Rows(whole.Y).Select(row => row[..width]).SelectMany(row => row).SequenceEqual(trimmed.Y.ToInts())
                && Rows(whole.Y).All(row => row[width..].All(token => token == -1))
                && Rows(trimmed.Y).Any(row => row[^1] == Vocabulary.Stop);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void At_WordLongerThanTheBlock_Throws() =>
        Assert.Throws<ArgumentException>(() => new Batches(Encode("abc"), BlockSize: 3, BatchSize: 1).At(Seed, 0));

    [Fact]
    public void EncodedWords_OtherVocabulary_NamesTheLine() =>
        Assert.Equal(
            "words: line 2: 'abc' has 'c', which is not in the vocabulary",
            EncodedWords.Of(Vocabulary.Of(Words.Of("ab")), Words.Of("ba", "abc")).Message());

    [Fact]
    public void EncodedWords_Words_AreTheirTokens()
    {
        var words = Encode("ab", "c", "ba");
        Assert.Equal(3, words.Count);
        Assert.Equal([[1, 2], [3], [2, 1]], Enumerable.Range(0, 3).Select(i => words[i].ToArray()));
    }

    // Words of up to 12 tokens are copied in a different way.
    [Fact]
    public void Read_WordsOfAnyLength_IntoAnySpan_WritesTheirTokens()
    {
        string[] all = [.. Enumerable.Range(1, 30).Select(length => new string('a', length - 1) + 'b'), "b"];
        foreach (var words in (IEncodedWords[])[Encode(all), OnDemand(all)])
            for (var i = 0; i < all.Length; i++)
                foreach (var size in (int[])[all[i].Length, all[i].Length + 1, 12, 13, 40])
                {
                    var (length, tokens) = (all[i].Length, new int[size]);
                    if (size < length)
                    {
                        var fault = Assert.Throws<ArgumentException>(() => words.Read(i, tokens));
                        Assert.Equal($"Words: {length} tokens do not fit into a span of {size}.", fault.Message);
                        continue;
                    }
                    Assert.Equal(length, words.Read(i, tokens));
                    Assert.Equal(words[i].ToArray(), tokens[..length]);
                }
    }

    private static EncodedOnDemand OnDemand(params string[] words) => new(Vocabulary.Of(Words.Of(words)), Words.Of(words));

    private static EncodedWords Names() => Encode("emma", "olivia", "ava", "isabella", "mia", "al", "zoe");

    private static EncodedWords Encode(params string[] words) =>
        EncodedWords.Of(Vocabulary.Of(Words.Of(words)), Words.Of(words)).Value();

    private static int[][] Rows(Tensor tensor) => [.. tensor.ToInts().Chunk(tensor.Shape[1])];

    private static void AssertRows(Tensor tensor, params int[][] expected) => Assert.Equal(expected, Rows(tensor));
}
