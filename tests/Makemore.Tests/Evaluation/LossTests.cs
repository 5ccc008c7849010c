namespace Makemore.Tests;

/// <summary>Losses, their errors and their breakdown, on cases worked out by hand.</summary>
public sealed class LossTests
{
    private static readonly (double Nats, int Tokens)[] Uneven =
        [.. Enumerable.Range(0, 200).Select(i => (2.0 + (i % 7), 1 + (i % 5)))];

    // The losses of the tokens are 1, 2, 3 in one word, and 5 in the other.
    private static readonly WordLoss[] TwoWords = [new([3, 4, 0], [1, 2, 3]), new([4, 0], [5, 5])];

    [Fact]
    public void Summary_OfWords_IsTheirSumOverAllTokensInEveryUnit()
    {
        var summary = LossSummary.Of([(6, 3), (10, 2)]);
        Assert.Equal((3.2, 5), (summary.Nats, summary.Tokens));
        Assert.Equal(3.2 / Math.Log(2), summary.Bits, 1e-12);
        Assert.Equal(Math.Exp(3.2), summary.Perplexity, 1e-11);
        // Residuals 6 − 9.6 and 10 − 6.4: √(2 · 3.6² · 2 / 1) / 5.
        Assert.Equal(Math.Sqrt(2 * 3.6 * 3.6 * 2) / 5, summary.StandardError, 1e-12);
    }

    [Fact]
    public void StandardError_OfAFormula_IsTheDeviationOverSamples()
    {
        // 2000 samples of 50 words each: the relative error of a deviation over 2000 is about 1.6 %.
        var samples = Enumerable.Range(0, 2000).Select(i => LossSummary.Of(Enumerable.Range(0, 50).Select(word =>
            (Key.FromSeed(i).Uniform(word) * 9, 1 + (int)Key.FromSeed(i).At(1).Below(3, word))))).ToArray();
        var mean = samples.Average(sample => sample.Nats);
        var deviation = Math.Sqrt(samples.Average(sample => (sample.Nats - mean) * (sample.Nats - mean)));
        Assert.Equal(1, samples.Average(sample => sample.StandardError) / deviation, 0.06);
    }

    [Fact]
    public void Breakdown_OfTwoWords_PartitionsTheirTokens()
    {
        var breakdown = LossBreakdown.Of(TwoWords);
        Assert.Equal([(0, 3.0, 2), (1, 3.5, 2), (2, 3.0, 1)], breakdown.ByPosition.Select(Shown));
        Assert.Equal([(0, 4.0, 2), (3, 1.0, 1), (4, 3.5, 2)], breakdown.ByTarget.Select(Shown));
        Assert.Equal([(1, 5.0, 2), (2, 2.0, 3)], breakdown.ByLength.Select(Shown));

        static (int, double, long) Shown(LossGroup group) => (group.Index, group.Loss.Nats, group.Loss.Tokens);
    }

    [Fact]
    public void Gap_OfTwoLosses_HasTheErrorOfBoth()
    {
        var gap = LossGap.Of(new(2, 0.03, 10), new(2.5, 0.04, 10));
        Assert.Equal((0.5, 0.05), (gap.Nats, Math.Round(gap.StandardError, 12)));
    }

    [Theory]
    [InlineData(0, 1.0, false), InlineData(1, 0.0001, true), InlineData(-1, 0.0001, true)]
    public void PairedTest_OfADifferenceInEveryWord_IsSignificant(int sign, double maxP, bool isSignificant)
    {
        var other = Uneven.Select((word, i) => (word.Nats - (sign * (0.2 + (i % 2 * 0.1))), word.Tokens)).ToArray();
        var compared = PairedTest.Of(Uneven, other, Words(200), Key.FromSeed(2));
        Assert.Equal(isSignificant, compared.IsSignificant);
        Assert.InRange(compared.P!.Value, 1e-5, maxP);
        Assert.Equal(sign * 0.25 * 200 / 600, compared.Nats, 1e-9);
    }

    [Fact]
    public void PairedTest_OfEqualModels_IsSignificantInOneOfTwenty()
    {
        // 1000 comparisons of noise on 12 words: 5% ± three standard errors of 0.7% are significant.
        var significant = Enumerable.Range(0, 1000).Count(trial =>
        {
            var noise = Key.FromSeed(trial).Normals(24);
            (double, int)[] a = [.. noise[..12].Select(x => ((double)x, 1))], b = [.. noise[12..].Select(x => ((double)x, 1))];
            return PairedTest.Of(a, b, Words(12), Key.FromSeed(trial)).IsSignificant;
        });
        Assert.InRange(significant / 1000.0, 0.029, 0.071);
    }

    /// <summary>One model is better on every word but the first few. Of 2⁷ exchanges, those with a total of 7, 5 or −5, −7 are as
    /// large as a total of 5.</summary>
    [Theory]
    [InlineData(5, 0, null)]
    [InlineData(6, 0, 2.0 / 64)]
    [InlineData(7, 0, 2.0 / 128)]
    [InlineData(7, 1, 16.0 / 128)]
    [InlineData(13, 0, 2.0 / 8192)]
    public void PairedTest_OfFewWords_IsExact(int words, int worse, double? p)
    {
        (double, int)[] first = [.. Enumerable.Range(0, words).Select(i => (i < worse ? 2.0 : 1, 3))];
        (double, int)[] second = [.. first.Select(word => (3 - word.Item1, 3))];
        Assert.Equal(p, PairedTest.Of(first, second, Words(words), Key.FromSeed(1)).P);
    }

    [Fact]
    public void PairedTest_OfOneWordManyTimes_HasNoP()
    {
        (double, int)[] first = [.. Enumerable.Repeat((1.0, 5), 30)], second = [.. Enumerable.Repeat((2.0, 5), 30)];
        Assert.Null(PairedTest.Of(first, second, [.. Enumerable.Repeat("emma", 30)], Key.FromSeed(1)).P);
    }

    [Fact]
    public void PairedTest_OfOtherWords_IsRefused() => Assert.Throws<ArgumentException>(
        () => PairedTest.Of([(1, 2), (1, 3)], [(1, 2), (1, 2)], Words(2), Key.FromSeed(1)));

    [Theory]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity), InlineData(double.NaN, 1), InlineData(1, double.PositiveInfinity)]
    public void PairedTest_OfALossThatIsNotFinite_HasNoP(double first, double second)
    {
        var words = Uneven[1..];
        Assert.Null(PairedTest.Of([(first, 3), .. words], [(second, 3), .. words], Words(200), Key.FromSeed(1)).P);
    }

    private static string[] Words(int count) => [.. Enumerable.Range(0, count).Select(i => $"{i}")];
}
