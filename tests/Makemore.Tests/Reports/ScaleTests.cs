using FsCheck;
using FsCheck.Fluent;

namespace Makemore.Tests;

public sealed class ScaleTests
{
    [Theory]
    [InlineData(0, 5000, "0 1,000 2,000 3,000 4,000 5,000")]
    [InlineData(1.97, 2.46, "1.9 2.0 2.1 2.2 2.3 2.4 2.5")]
    [InlineData(-3.9, -2.1, "-4.0 -3.5 -3.0 -2.5 -2.0")]
    [InlineData(0, 0.0005, "0 1e-4 2e-4 3e-4 4e-4 5e-4")]
    [InlineData(0, 3_000_000, "0 1e+6 2e+6 3e+6")]
    [InlineData(2, 2, "1.4 1.6 1.8 2.0 2.2 2.4 2.6")]
    [InlineData(0, 0, "0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(double.NaN, double.PositiveInfinity, "0 0.2 0.4 0.6 0.8 1.0")]
    public void Ticks_AnyRange_AreRound(double low, double high, string labels) =>
        Assert.Equal(labels, string.Join(' ', Scale.Of([low, high], 5).Ticks.Select(tick => tick.Label)));

    [Fact]
    public void Scale_AnyValues_ContainsThemBetweenAFewTicks() => Prop.ForAll<NormalFloat, NormalFloat>((a, b) =>
    {
        var values = new[] { a.Get, b.Get }.Select(x => Math.Clamp(x, -1e100, 1e100)).ToArray();
        var scale = Scale.Of(values, 5).Between(0, 1);
        return values.All(x => scale.At(x) is >= -1e-6 and <= 1 + 1e-6) && scale.Ticks.Length is >= 2 and <= 10;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void At_EndsOfTheScale_AreItsCoordinates()
    {
        var scale = Scale.Of([0, 10], 5).Between(100, 20);
        Assert.Equal([100, 60, 20], new[] { 0.0, 5, 10 }.Select(scale.At));
    }

    [Fact]
    public void Scale_FromZero_ContainsZero() => Assert.Equal(0, Scale.Of([3, 4], 5, fromZero: true).Low);

    [Theory]
    [InlineData(5000, "5,000")]
    [InlineData(2.01614, "2.0161")]
    [InlineData(1234.56, "1,234.6")]
    [InlineData(0.000512, "5.12e-4")]
    [InlineData(-3, "-3")]
    [InlineData(0, "0")]
    [InlineData(double.NaN, "–")]
    [InlineData(double.NegativeInfinity, "-∞")]
    public void Number_AnyValue_IsShort(double value, string text) => Assert.Equal(text, Html.Number(value));
}
