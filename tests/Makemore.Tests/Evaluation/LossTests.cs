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
    public void Summary_ByBootstrap_AgreesWithTheFormula()
    {
        var (formula, drawn) = (LossSummary.Of(Uneven), LossSummary.Of(Uneven, Key.FromSeed(1)));
        Assert.Equal(formula.Nats, drawn.Nats);
        Assert.NotEqual(formula.StandardError, drawn.StandardError);
        // The relative error of the deviation of 1000 resamples is about 1 / √2000.
        Assert.InRange(drawn.StandardError / formula.StandardError, 0.92, 1.08);
        Assert.Equal(drawn, LossSummary.Of(Uneven, Key.FromSeed(1)));
    }

    [Fact]
    public void Bootstrap_OfBlocksOfWords_AgreesWithTheFormula()
    {
        var many = Enumerable.Range(0, 25_000)
            .Select(i => (Key.FromSeed(i).Uniform() * 9, 1 + (int)Key.FromSeed(i).Below(3, 1)))
            .ToArray();
        var drawn = Bootstrap.StandardError(Bootstrap.Ratios(many, Key.FromSeed(1), 300));
        Assert.InRange(drawn / LossSummary.Of(many).StandardError, 0.87, 1.13);
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
    public void PairedBootstrap_OfADifferenceInEveryWord_IsSignificant(int sign, double maxP, bool isSignificant)
    {
        var other = Uneven.Select((word, i) => (word.Nats - (sign * (0.2 + (i % 2 * 0.1))), word.Tokens)).ToArray();
        var compared = PairedBootstrap.Of(Uneven, other, Key.FromSeed(2), 30_000);
        Assert.Equal(isSignificant, compared.IsSignificant);
        Assert.InRange(compared.P, 0, maxP);
        Assert.Equal(sign * 0.25 * 200 / 600, compared.Nats, 1e-9);
        Assert.InRange(compared.Nats, compared.Low, compared.High);
    }

    [Fact]
    public void PairedBootstrap_OfEqualModels_IsSignificantInOneOfTwenty()
    {
        // 400 comparisons of noise: 5% ± three standard errors of 1.1% are significant.
        var significant = Enumerable.Range(0, 400).Count(trial =>
        {
            var noise = Key.FromSeed(trial).Normals(200);
            (double, int)[] a = [.. noise[..100].Select(x => ((double)x, 1))], b = [.. noise[100..].Select(x => ((double)x, 1))];
            return PairedBootstrap.Of(a, b, Key.FromSeed(trial), 300).IsSignificant;
        });
        Assert.InRange(significant / 400.0, 0.02, 0.09);
    }

    [Fact]
    public void PairedBootstrap_OfOtherWords_IsRefused() => Assert.Throws<ArgumentException>(
        () => PairedBootstrap.Of([(1, 2), (1, 3)], [(1, 2), (1, 2)], Key.FromSeed(1)));

    [Fact]
    public void InfiniteLosses_OfBothModels_AreNoDifference()
    {
        (double Nats, int Tokens)[] words = [(double.PositiveInfinity, 3), (2, 2), (1, 4)];
        Assert.False(PairedBootstrap.Of(words, words, Key.FromSeed(1)).IsSignificant);
    }
}
