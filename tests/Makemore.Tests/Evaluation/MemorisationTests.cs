namespace Makemore.Tests;

/// <summary>Who is called out for learning by heart.</summary>
public sealed class MemorisationTests
{
    private static readonly LossGap Wide = new(3, 0.01), None = new(0.01, 0.01);

    public static TheoryData<long[], LossGap, bool> Models => new()
    {
        { [900, 100, 0, 0], Wide, true }, // copies, and knows its words better than others
        { [900, 100, 0, 0], None, false }, // makes the commonest words, but knows others as well
        { [100, 400, 500, 0], Wide, false }, // fits its words, and yet makes others
        { [0, 0, 500, 500], Wide, false },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Model_IsCalledOut_WhereItsSamplesAndItsLossesSayIt(long[] samples, LossGap gap, bool isCalledOut) =>
        Assert.Equal(isCalledOut, Memorisation.Of(new(samples), new NearestWords([100, 400, 500, 0]), gap).IsCalledOut);

    [Fact]
    public void Figure_OfAFewWords_ComparesEachPair()
    {
        // Of four samples and ten held-out words: at 0 nearer than all, twice; at 1 as near as five, nearer than five.
        var memorisation = Memorisation.Of(new NearestWords([2, 1, 0, 1]), new NearestWords([0, 5, 5, 0]), None);
        Assert.Equal(((2 * 10) + 5 - 10) / 40.0, memorisation.Figure, 1e-12);
        Assert.Equal((0.5, 0.0), (memorisation.Copied, memorisation.HeldCopied));
        Assert.Equal((0.75, 0.5), (memorisation.Near, memorisation.HeldNear));
        // Fourteen words, of which 2, 6, 5 and 1 are equally far.
        Assert.Equal(Math.Sqrt((15 - ((6 + 210 + 120) / 182.0)) / 120), memorisation.StandardError, 1e-12);
    }

    [Fact]
    public void StandardError_OfASourceThatCopiesNothing_IsWhatItsFigureVariesBy()
    {
        var figures = Enumerable.Range(0, 500)
            .Select(trial => Memorisation.Of(Drawn(Key.FromSeed(trial), 60), Drawn(Key.FromSeed(trial).At(1), 30), None))
            .ToArray();
        var deviation = Bootstrap.StandardError([.. figures.Select(memorisation => memorisation.Figure)]);
        Assert.InRange(deviation / figures.Average(memorisation => memorisation.StandardError), 0.88, 1.12);

        static NearestWords Drawn(Key key, int count)
        {
            var counts = new long[4];
            for (var i = 0; i < count; i++)
                counts[key.Below(4, i) * key.Below(4, count + i) / 3]++;
            return new(counts);
        }
    }

    [Fact]
    public void FewHeldWords_AreNoCertainty() =>
        Assert.False(Memorisation.Of(new NearestWords([90, 10, 0, 0]), new NearestWords([0, 0, 9, 0]), Wide).IsCalledOut);

    [Theory]
    [InlineData(1, false), InlineData(6, true)]
    public void TableOfCountsOfLongContexts_ThatCanOnlyRepeat_IsCalledOut(int context, bool isCalledOut)
    {
        var (train, test) = (Names.Corpus.Train.Take(200), Names.Corpus.Test.Take(100));
        var samples = Names.Repeat(train, context, 2000);
        var summary = SampleSummary.Of(samples, SampleReference.Of(train, test), Key.FromSeed(1));
        Assert.Equal(isCalledOut, Memorisation.Of(summary, Wide).IsCalledOut);
    }
}
