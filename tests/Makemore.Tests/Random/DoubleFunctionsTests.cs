namespace Makemore.Tests;

/// <summary>Logarithm and exponential in double precision, compared with the platform's.</summary>
public sealed class DoubleFunctionsTests
{
    [Theory]
    [InlineData(1e-300), InlineData(1e-9), InlineData(0.1), InlineData(1), InlineData(1.0000001), InlineData(7), InlineData(1e200)]
    public void Log_AgreesWithThePlatform(double x) => Assert.Equal(Math.Log(x), DoubleFunctions.Log(x), 1e-13 * Math.Max(1, Math.Abs(Math.Log(x))));

    [Theory]
    [InlineData(-700), InlineData(-3.3), InlineData(-1e-9), InlineData(0), InlineData(0.5), InlineData(2.1), InlineData(700)]
    public void Exp_AgreesWithThePlatform(double x) => Assert.Equal(1, DoubleFunctions.Exp(x) / Math.Exp(x), 1e-13);

    [Theory]
    [InlineData(-800, 0), InlineData(800, double.PositiveInfinity), InlineData(double.NaN, double.NaN)]
    [InlineData(double.NegativeInfinity, 0)]
    public void Exp_OutOfRange_IsItsLimit(double x, double limit) => Assert.Equal(limit, DoubleFunctions.Exp(x));
}
