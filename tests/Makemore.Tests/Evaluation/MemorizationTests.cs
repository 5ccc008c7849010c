namespace Makemore.Tests;

/// <summary>Which models are flagged for memorization.</summary>
public sealed class MemorizationTests
{
    private static readonly LossGap Wide = new(3, 0.01), None = new(0.01, 0.01);

    public static TheoryData<long[], LossGap, bool> Models => new()
    {
        { [900, 100, 0, 0], Wide, true }, // copies and overfits
        { [900, 100, 0, 0], None, false }, // generates the most common words, but does not overfit
        { [100, 400, 500, 0], Wide, false }, // overfits, but does not copy
        { [0, 0, 500, 500], Wide, false },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Model_IsFlagged_IfItCopiesAndOverfits(long[] samples, LossGap gap, bool isFlagged) =>
        Assert.Equal(isFlagged, Memorization.Of(new(samples), new NearestWords([100, 400, 500, 0]), gap).IsFlagged);

    [Fact]
    public void Figure_OfAFewWords_IsTheDifferenceOfTheShares()
    {
        var memorization = Memorization.Of(new NearestWords([3, 1, 0, 4]), new NearestWords([1, 4, 3, 0]), None);
        Assert.Equal((3 / 8.0, 1 / 8.0, 2 / 8.0), (memorization.Copied, memorization.HeldCopied, memorization.Figure));
        Assert.Equal((4 / 8.0, 5 / 8.0), (memorization.Near, memorization.HeldNear));
        // With one copy and one other word added to each: shares of 4/10 and 2/10.
        Assert.Equal(Math.Sqrt((0.24 + 0.16) / 10), memorization.StandardError, 1e-12);
    }

    [Fact]
    public void FewHeldWords_AreNotCertain() =>
        Assert.False(Memorization.Of(new NearestWords([60, 40, 0, 0]), new NearestWords([0, 0, 2, 0]), Wide).IsFlagged);

    [Theory]
    [InlineData(1, false), InlineData(6, true)]
    public void TableOfCounts_OfLongContexts_IsFlagged(int context, bool isFlagged)
    {
        var (train, test) = (Names.Corpus.Train.Take(200), Names.Corpus.Test.Take(100));
        var samples = Names.Repeat(train, context, 2000);
        var summary = SampleSummary.Of(samples, SampleReference.Of(train, test), Key.FromSeed(1));
        Assert.Equal(isFlagged, Memorization.Of(summary, Wide).IsFlagged);
    }
}
