namespace Makemore.Tests;

public sealed class NormalQuantileTests
{
    /// <summary>Python's statistics.NormalDist().inv_cdf(p).</summary>
    [Theory]
    [InlineData(1.1102230246251565e-16, -8.209536151601386), InlineData(1e-12, -7.034483825301132)]
    [InlineData(1e-6, -4.753424308822899), InlineData(0.001, -3.090232306167813), InlineData(0.01, -2.3263478740408408)]
    [InlineData(0.0749, -1.4402382675279632), InlineData(0.0751, -1.4388253927525398)]
    [InlineData(0.25, -0.6744897501960817), InlineData(0.4, -0.2533471031357998), InlineData(0.5, 0)]
    [InlineData(0.6, 0.2533471031357998), InlineData(0.9, 1.2815515655446008), InlineData(0.975, 1.9599639845400536)]
    [InlineData(0.999999, 4.753424308817089)]
    public void Quantile_OfAProbability_IsTheKnownOne(double p, double expected) =>
        Assert.Equal(expected, NormalQuantile.At(p), 1e-14 * Math.Max(1, Math.Abs(expected)));

    [Fact]
    public void Quantile_OverTheWholeRange_Rises()
    {
        var values = Enumerable.Range(1, 99_999).Select(i => NormalQuantile.At(i / 100_000.0)).ToArray();
        Assert.All(values.Skip(1).Zip(values), pair => Assert.True(pair.Item1 > pair.Item2));
    }
}
