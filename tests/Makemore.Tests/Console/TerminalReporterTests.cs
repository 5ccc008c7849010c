using Spectre.Console;

namespace Makemore.Tests;

public sealed class TerminalReporterTests
{
    private static readonly ChartLine[] Lines =
        [new("train", [new(0, 3), new(50, 2.5), new(100, 2)]), new("test", [new(0, 3.25), new(100, 2.25)])];

    [Fact]
    public void Curves_WithColors_AreDrawnWithTheirNamesAndTheirEnds()
    {
        var said = Said(ColorSystemSupport.TrueColor, 80, reporter => reporter.Curves("loss", Lines));
        Assert.Contains("• train", said);
        Assert.Contains("• test", said);
        Assert.Contains("3.250 ┤", said);
        Assert.Contains("2.000 ┤", said);
        Assert.Matches(@"\n +0 +100\b", said);
        Assert.True(said.Count(unit => unit == '•') > 100);
    }

    [Fact]
    public void Heatmap_WithColors_HasACellForEachNumber()
    {
        var said = Said(ColorSystemSupport.TrueColor, 80, Map);
        Assert.Equal(3, said.Split("\u001b[48;2;").Length - 1);
        Assert.Contains("x y", said);
    }

    [Theory]
    [InlineData(ColorSystemSupport.NoColors, 80)]
    [InlineData(ColorSystemSupport.TrueColor, 20)]
    public void Curves_WithoutColorsOrRoom_AreNotDrawn(ColorSystemSupport colors, int width) =>
        Assert.Equal("", Said(colors, width, reporter => reporter.Curves("loss", Lines)));

    [Fact]
    public void Heatmap_WithoutColors_IsNotDrawn() => Assert.Equal("", Said(ColorSystemSupport.NoColors, 80, Map));

    [Fact]
    public void Stretch_GoesThroughItsPoints() =>
        Assert.Equal([3, 2.75, 2.5, 2.25, 2], TextPlot.Stretch(Lines[0].Points, 5));

    private static void Map(TerminalReporter reporter) =>
        reporter.Heatmap("map", ["a", "b"], ["x", "y"], new double[,] { { 1, double.NaN }, { 0.5, 0.25 } });

    private static string Said(ColorSystemSupport colors, int width, Action<TerminalReporter> show)
    {
        var output = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new()
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = colors,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = width;
        using var reporter = new TerminalReporter(console);
        show(reporter);
        return output.ToString();
    }
}
