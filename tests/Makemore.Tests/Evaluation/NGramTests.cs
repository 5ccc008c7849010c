namespace Makemore.Tests;

/// <summary>N-grams and their divergence, on cases worked out by hand.</summary>
public sealed class NGramTests
{
    [Fact]
    public void Counts_OfWords_IncludeTheirStartAndStop()
    {
        var (ones, twos, threes) = (Count(1), Count(2), Count(3));
        Assert.Equal((2, 2, 2), (ones[0], ones[1], ones[2]));
        Assert.Equal((1, 1, 1, 2, 1), (twos[0, 1], twos[0, 2], twos[1, 2], twos[2, 1] + twos[2, 0], twos[1, 0]));
        Assert.Equal((4, 1, 0), (threes.Total, threes[0, 1, 2], threes[1, 2, 1]));
        // A word that was cut has no stop.
        Assert.Equal(0, NGramCounts.Of(2, [[1]])[1, 0]);

        static NGramCounts Count(int n) => NGramCounts.Of(n, Letters.Sequences("ab", "ba"));
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Counts_OfAResample_AreThoseOfItsWords(int n)
    {
        var words = Enumerable.Range(0, 500).Select(Word).ToArray();
        var drawn = Enumerable.Range(0, 800).Select(i => (int)Key.FromSeed(7).Below(words.Length, i)).ToArray();
        var counts = new NGramSequences(n, words).CountsOf(drawn);
        var naive = drawn.SelectMany(word => NGrams(words[word])).CountBy(nGram => string.Join(' ', nGram)).ToArray();
        Assert.Equal((naive.Length, naive.Sum(nGram => nGram.Value)), (counts.Distinct, counts.Total));
        Assert.All(naive, nGram => Assert.Equal(nGram.Value, counts[[.. nGram.Key.Split(' ').Select(int.Parse)]]));
        // The same n-grams by ids of their own, and by those of all words.
        var own = NGramCounts.Of(n, [.. drawn.Select(word => words[word])]);
        var all = new NGramSequences(n, words);
        Assert.Equal(0, NGramCounts.Divergence(counts, own), 1e-12);
        var divergence = NGramCounts.Divergence(all.CountsOf(drawn), all.Counts);
        Assert.InRange(divergence, 1e-6, 1);
        Assert.Equal(divergence, NGramCounts.Divergence(own, all.Counts), 1e-12);

        static int[] Word(int i) => new Sample(
            [.. Enumerable.Range(1, (int)Key.FromSeed(i).Below(9)).Select(t => 1 + (int)Key.FromSeed(i).Below(40, t))],
            IsFinished: i % 5 > 0).WithStop();

        IEnumerable<int[]> NGrams(int[] word)
        {
            int[] tokens = [.. n > 1 ? [0] : Array.Empty<int>(), .. word];
            return Enumerable.Range(0, Math.Max(0, tokens.Length - n + 1)).Select(t => tokens[t..(t + n)]);
        }
    }

    [Fact]
    public void Divergence_OfKnownDistributions_IsKnown()
    {
        var (a, b, ab) = (Letters.Sequences("a"), Letters.Sequences("b"), Letters.Sequences("a", "b"));
        Assert.Equal(0, Divergence(ab, [.. ab, .. ab]), 1e-15);
        Assert.Equal(1, Divergence([[1]], [[2]]), 1e-15);
        // Half of the tokens are the stop, the other halves have nothing in common.
        Assert.Equal(0.5, Divergence(a, b), 1e-15);
        // (1/2, 1/2, 0) and (1/2, 1/4, 1/4) around (1/2, 3/8, 1/8).
        var expected = 0.5 * ((0.5 * Math.Log2(4 / 3.0)) + (0.25 * Math.Log2(2 / 3.0)) + (0.25 * Math.Log2(2)));
        Assert.Equal(expected, Divergence(a, ab), 1e-14);
        Assert.Equal(Divergence(a, ab), Divergence(ab, a), 1e-15);

        static double Divergence(int[][] first, int[][] second) =>
            NGramCounts.Divergence(NGramCounts.Of(1, first), NGramCounts.Of(1, second));
    }

    [Fact]
    public void Divergence_OfTrainingWordsThemselves_IsItsFloor()
    {
        var train = Enumerable.Range(0, 2000).Select(i => (int[])[1 + (int)Key.FromSeed(i).Below(20), 0]).ToArray();
        var drawn = Enumerable.Range(0, 500).Select(i => train[Key.FromSeed(9).Below(2000, i)]).ToArray();
        var divergence = NGramDivergence.Of(2, drawn, train, Key.FromSeed(5), draws: 50);
        Assert.InRange((divergence.Bits - divergence.Floor) / divergence.FloorDeviation, -4, 4);
        Assert.Equal(divergence, NGramDivergence.Of(2, drawn, train, Key.FromSeed(5), draws: 50));
    }

    [Theory]
    [InlineData(0), InlineData(5)]
    public void Counts_OfNOutOfRange_AreRefused(int n) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NGramCounts.Of(n, []));

    [Fact]
    public void Floor_WhereNoDrawHasAnNGram_IsNaN()
    {
        int[][] train = [.. Enumerable.Repeat<int[]>([1, 0], 5000), [1, 2, 3, 0]];
        Assert.Equal(double.NaN, NGramDivergence.Of(4, [[1, 2, 3, 0]], train, Key.FromSeed(5)).Floor);
    }
}
