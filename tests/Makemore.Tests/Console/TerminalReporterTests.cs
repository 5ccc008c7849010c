using System.Text.RegularExpressions;
using Spectre.Console;

namespace Makemore.Tests;

public sealed partial class TerminalReporterTests
{
    private static readonly ChartLine[] Lines =
        [new("train", [new(0, 3), new(50, 2.5), new(100, 2)]), new("test", [new(0, 3.25), new(100, 2.25)])];

    [Fact]
    public void Curves_WithColors_ShowLegendAndAxes()
    {
        var output = Output(ColorSystemSupport.TrueColor, 80, reporter => reporter.Curves("loss", Lines));
        Assert.Contains("• train", output);
        Assert.Contains("• test", output);
        Assert.Contains("3.250 ┤", output);
        Assert.Contains("2.000 ┤", output);
        Assert.Matches(@"\n +0 +100\b", output);
        Assert.True(output.Count(unit => unit == '•') > 100);
    }

    [Fact]
    public void Heatmap_WithColors_HasACellPerNumber()
    {
        var output = Output(ColorSystemSupport.TrueColor, 80, Map);
        Assert.Equal(3, output.Split("\u001b[48;2;").Length - 1);
        Assert.Contains("x y", output);
    }

    [Theory]
    [InlineData(ColorSystemSupport.NoColors, 80)]
    [InlineData(ColorSystemSupport.TrueColor, 20)]
    public void Curves_WithoutColorsOrRoom_ShowNothing(ColorSystemSupport colors, int width) =>
        Assert.Equal("", Output(colors, width, reporter => reporter.Curves("loss", Lines)));

    [Fact]
    public void Heatmap_WithoutColors_ShowsNothing() => Assert.Equal("", Output(ColorSystemSupport.NoColors, 80, Map));

    [Theory]
    [InlineData(100, "│ out/mlp │ 2.0934 ± 0.0138 │ better by 0.1427 ± 0.0094, p < 0.001 │\n")]
    [InlineData(60, "\nout/mlp\n  test loss          2.0934 ± 0.0138\n  vs. the run above  better by 0.1427 ± 0.0094, p < 0.001\nout/gru\n")]
    [InlineData(40, "\nout/mlp\n  test loss          2.0934 ± 0.0138\n  vs. the run above\n    better by 0.1427 ± 0.0094, p < 0.001\nout/gru\n")]
    [InlineData(20, "\nout/mlp\n  test loss\n    2.0934 ± 0.0138\n  vs. the run above\n    better by 0.1427\n    ± 0.0094, p <\n    0.001\nout/gru\n")]
    public void Table_AnyWidth_IsReadable(int width, string lines)
    {
        var output = Output(ColorSystemSupport.NoColors, width, reporter => reporter.Table(
            ["run", "test loss", "vs. the run above"],
            [["first", "", ""], ["out/mlp", "2.0934 ± 0.0138", "better by 0.1427 ± 0.0094, p < 0.001"], ["out/gru", "2", ""]]));
        string[] shown = [.. Escape().Replace(output, "").Split('\n').Select(line => line.TrimEnd())];
        Assert.Contains(lines, string.Join('\n', shown));
        Assert.All(shown, line => Assert.InRange(line.Length, 0, width));
    }

    [Fact]
    public void Resample_Line_InterpolatesLinearly() =>
        Assert.Equal([double.NaN, 3, 2.75, 2.5, 2.25, 2], TextPlot.Resample(Lines[0].Points, -25, 100, 6));

    /// <summary>There is room for the ^C that a terminal adds: a line that wraps would not be cleared.</summary>
    [Fact]
    public void Progress_InANarrowTerminal_LeavesRoomAtTheEndOfItsLine()
    {
        var output = Output(ColorSystemSupport.NoColors, 80, reporter =>
        {
            reporter.Step(1234, 5000, 2.3456, 123.45);
            reporter.EndSteps();
        });
        Assert.Contains("ms per step", output);
        Assert.All(Escape().Replace(output, "").Split('\n', '\r'), line => Assert.InRange(line.Length, 0, 78));
    }

    private static void Map(TerminalReporter reporter) =>
        reporter.Heatmap("map", ["a", "b"], ["x", "y"], new double[,] { { 1, double.NaN }, { 0.5, 0.25 } });

    private static string Output(ColorSystemSupport colors, int width, Action<TerminalReporter> show)
    {
        var output = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new()
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = colors,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = width;
        using var reporter = new TerminalReporter(console);
        show(reporter);
        return output.ToString();
    }

    [GeneratedRegex(@"\e\[[\d;?]*[A-Za-z]")]
    private static partial Regex Escape();
}
