namespace Makemore.Tests;

public sealed class RunningMedianTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(7), InlineData(4096)]
    public void Value_FewValues_IsTheMiddleOne(int count)
    {
        var median = Of(Enumerable.Range(0, count).Reverse().Select(value => (double)value));
        Assert.Equal(count / 2, median.Value);
    }

    [Theory, InlineData(4097), InlineData(100_000), InlineData(1_000_003)]
    public void Value_ManyValues_IsCloseToTheMedian(int count)
    {
        var median = Of(Enumerable.Range(0, count).Select(value => (double)value));
        Assert.InRange(median.Value!.Value / count, 0.47, 0.53);
        Assert.Equal(RunningMedian.MaxKept, median.Kept);
    }

    [Theory, InlineData(3), InlineData(16)]
    public void Value_PeriodicOutliers_IgnoresThem(int period)
    {
        for (var phase = 0; phase < period; phase++)
            Assert.Equal(1, Of(Enumerable.Range(0, 50_000).Select(i => i % period == phase ? 100.0 : 1)).Value);
    }

    [Fact]
    public void Value_AfterClear_ForgetsEarlierValues()
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

    private static RunningMedian Of(IEnumerable<double> values)
    {
        var median = new RunningMedian();
        foreach (var value in values)
            median.Add(value);
        return median;
    }
}
