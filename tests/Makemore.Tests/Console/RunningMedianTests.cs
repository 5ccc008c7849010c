namespace Makemore.Tests;

public sealed class RunningMedianTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(7), InlineData(4096)]
    public void Value_OfAFew_IsTheMiddleOne(int count)
    {
        var median = new RunningMedian();
        foreach (var value in Enumerable.Range(0, count).Reverse())
            median.Add(value);
        Assert.Equal(count / 2, median.Value);
    }

    [Theory, InlineData(4097), InlineData(100_000), InlineData(1_000_003)]
    public void Value_OfMany_IsNearTheMiddleOne(int count)
    {
        var median = new RunningMedian();
        for (var i = 0; i < count; i++)
            median.Add(i);
        Assert.InRange(median.Value!.Value / count, 0.499, 0.501);
    }

    [Fact]
    public void Value_AfterClear_IsOfWhatCameSince()
    {
        var median = new RunningMedian();
        Assert.Null(median.Value);
        for (var i = 0; i < 10_000; i++)
            median.Add(i);
        median.Clear();
        Assert.Null(median.Value);
        foreach (var value in (double[])[3, 1, 2])
            median.Add(value);
        Assert.Equal(2, median.Value);
    }
}
