using WordLosses = System.Collections.Generic.IReadOnlyList<(double Nats, int Tokens)>;

namespace Makemore.Tests;

public sealed class SeedsTestTests
{
    private const int Words = 120;

    /// <summary>Tables of Student's t distribution; R's pt.</summary>
    [Theory]
    [InlineData(12.706, 1, 0.05), InlineData(4.3027, 2, 0.05), InlineData(3.1824, 3, 0.05), InlineData(4.6041, 4, 0.01)]
    [InlineData(2.0003, 60, 0.05), InlineData(1.9840, 99, 0.05), InlineData(0, 5, 1), InlineData(1.9600, 100_000, 0.05)]
    public void StudentT_TwoSided_IsThatOfTheTables(double t, int degrees, double p) =>
        Assert.Equal(p, StudentT.TwoSided(t, degrees), p * 1e-3);

    /// <summary>Of sweeps whose settings are the same but for the seeds, at most one of twenty may find any difference. Seeds matter, and
    /// how much they do depends on the word; a test over words alone finds a difference in most of these sweeps.</summary>
    [Theory]
    [InlineData(2, 3, 0.02, 0.05), InlineData(2, 5, 0.01, 0.1), InlineData(4, 3, 0.02, 0.05), InlineData(4, 5, 0.0, 0.2)]
    public void AgainstLowest_OfEqualSettings_FindsADifferenceInAtMostOneOfTwenty(int settings, int seeds, double bySeed, double byWord)
    {
        const int Sweeps = 200;
        var found = Enumerable.Range(0, Sweeps).Count(sweep => SeedsTest
            .AgainstLowest(Draw(Key.FromSeed(sweep), settings, seeds, bySeed, byWord, _ => 0)).Any(test => test is { IsSignificant: true }));
        // 5 % and two standard errors.
        Assert.InRange(found / (double)Sweeps, 0, 0.08);
    }

    [Fact]
    public void AgainstLowest_OfARealDifference_FindsItAndNoOther()
    {
        var tests = SeedsTest.AgainstLowest(Draw(Key.FromSeed(3), 3, 5, 0.004, 0.05, setting => setting == 1 ? 0 : 0.05));
        Assert.Null(tests[1]);
        Assert.All([tests[0]!, tests[2]!], test =>
        {
            Assert.True(test.IsSignificant);
            Assert.InRange(test.Nats, 0.03, 0.07);
        });
    }

    /// <summary>Three pairs: the smallest p counts three times, the next twice, and none is below the one before.</summary>
    [Fact]
    public void AgainstLowest_OfThreeSettings_CorrectsByHolm()
    {
        var drawn = Draw(Key.FromSeed(5), 3, 4, 0.01, 0.05, setting => 0.02 * setting);
        double[] alone = [.. new[] { (0, 1), (0, 2), (1, 2) }.Select(pair => SeedsTest.Of(drawn[pair.Item1], drawn[pair.Item2]).P!.Value).Order()];
        double[] corrected = [alone[0] * 3, Math.Max(alone[0] * 3, alone[1] * 2), Math.Max(Math.Max(alone[0] * 3, alone[1] * 2), alone[2])];
        var tests = SeedsTest.AgainstLowest(drawn).OfType<SeedsTest>().ToArray();
        Assert.Equal(2, tests.Length);
        Assert.All(tests, test => Assert.Contains(corrected, p => Math.Abs(Math.Min(1, p) - test.P!.Value) < 1e-12));
        Assert.Equal(alone[0] * 3, tests.Min(test => test.P!.Value), 1e-12);
    }

    [Fact]
    public void Of_OneSeed_HasNoP() => Assert.Null(SeedsTest.Of(
        Draw(Key.FromSeed(1), 1, 1, 0.1, 0.1, _ => 0)[0], Draw(Key.FromSeed(2), 1, 3, 0.1, 0.1, _ => 0)[0]).P);

    [Fact]
    public void Of_TheSameRuns_FindsNothing()
    {
        var runs = Draw(Key.FromSeed(1), 1, 3, 0.1, 0.1, _ => 0)[0];
        Assert.Equal((0.0, 1.0), (SeedsTest.Of(runs, runs).Nats, SeedsTest.Of(runs, runs).P));
    }

    [Fact]
    public void Of_OtherWords_IsRefused() => Assert.Throws<ArgumentException>(() => SeedsTest.Of([[(1, 2)]], [[(1, 3)]]));

    /// <summary>Losses by setting, seed and word: a word's own difficulty, and noise of the seed and of seed and word.</summary>
    private static WordLosses[][] Draw(Key key, int settings, int seeds, double bySeed, double byWord, Func<int, double> effect)
    {
        var difficulty = key.At(0).Normals(Words);
        return [.. Enumerable.Range(0, settings).Select(setting => Enumerable.Range(0, seeds).Select(seed =>
        {
            var noise = key.At(1 + (setting * seeds) + seed).Normals(Words + 1);
            WordLosses losses =
                [.. difficulty.Select((hard, word) => (4 * (2.0 + effect(setting) + (0.5 * hard) + (bySeed * noise[Words]) + (byWord * noise[word])), 4))];
            return losses;
        }).ToArray())];
    }
}
