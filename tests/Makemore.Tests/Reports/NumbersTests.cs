namespace Makemore.Tests;

public sealed class NumbersTests
{
    [Theory]
    [InlineData(2, "2.0000", "7.39")]
    [InlineData(13.8, "13.8000", "984609.11")]
    [InlineData(357, "357.0000", "1.1e+155")]
    [InlineData(710, "710.0000", "infinite")]
    [InlineData(double.PositiveInfinity, "infinite", "infinite")]
    [InlineData(double.NaN, "not a number", "not a number")]
    public void Loss_AnySize_IsShort(double nats, string loss, string perplexity)
    {
        var summary = new LossSummary(nats, double.NaN, 10);
        Assert.Equal((loss, perplexity), (Numbers.Show(summary), Numbers.Perplexity(summary)));
    }
}
