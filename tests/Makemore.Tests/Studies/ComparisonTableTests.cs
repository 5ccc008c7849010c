namespace Makemore.Tests;

public sealed class ComparisonTableTests
{
    [Theory]
    [InlineData(2.1, -0.25, 0.0001, "better by 0.2500 ± 0.0100, p < 0.001")]
    [InlineData(2.1, 0.25, 0.03125, "worse by 0.2500 ± 0.0100, p = 0.031")]
    [InlineData(2.1, 0.25, 0.06, "no significant difference, p = 0.060")]
    [InlineData(2.1, 0.25, null, "too few words to tell")]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity, null, "the loss is infinite")]
    [InlineData(double.NaN, double.NaN, null, "the loss is not a number")]
    [InlineData(2.1, double.NegativeInfinity, null, "the other loss is not finite")]
    [InlineData(2.1, double.NaN, null, "the other loss is not finite")]
    public void Row_AnyDifference_SaysWhatCanBeTold(double loss, double difference, double? p, string text) =>
        Assert.Equal(text, ComparisonTable.Row(Run("a", loss) with { Difference = new(difference, 0.01, p) })[2]);

    [Fact]
    public void Row_OfSeeds_HasMeanAndSpread() => Assert.Equal(
        ["lr=1", "10", "3", "2.2000", "0.1000", "2.1000", "2.3000", "worse by 0.1000 ± 0.0200, p = 0.010"],
        ComparisonTable.Row(ComparedSeeds.Of("lr=1", [Run("a", 2.1), Run("b", 2.3), Run("c", 2.2)], new(0.1, 0.02, 0.01))));

    private static ComparedRun Run(string folder, double loss)
    {
        var summary = new LossSummary(loss, 0.01, 100);
        return new(folder, "mlp", 10, 5, 0.1, false, summary, summary, null, null, null);
    }
}
