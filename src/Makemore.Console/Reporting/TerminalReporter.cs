using System.Globalization;
using Spectre.Console;

namespace Makemore;

/// <summary>A live progress bar, tables and charts in color, for a terminal.</summary>
internal sealed class TerminalReporter(IAnsiConsole console) : IReporter
{
    // A cell of a table has a space on either side and a border.
    private const int AxisWidth = 10, MaxCurveWidth = 72, CurveHeight = 10, CellPadding = 3, Indent = 2, MaxBarWidth = 40, WidthBesideBar = 68;

    // The first colors of the report in dark mode, distinguishable for people who are color-blind.
    private static readonly Color[] LineColors = [new(98, 176, 240), new(242, 160, 92), new(79, 201, 164), new(227, 148, 200)];

    private readonly ManualResetEventSlim _done = new();
    private ProgressTask? _bar;
    private Task? _live;
    private double _milliseconds;

    public void Say(string text)
    {
        foreach (var line in text.Split('\n'))
            console.MarkupLineInterpolated($"{Visible.Line(line)}");
    }

    public void Step(long step, long maxSteps, double loss, double milliseconds)
    {
        _bar ??= Start(maxSteps);
        _milliseconds = _milliseconds == 0 ? milliseconds : (0.95 * _milliseconds) + (0.05 * milliseconds);
        _bar.Value = step;
        _bar.Description = string.Create(
            CultureInfo.InvariantCulture, $"step {step} | loss {loss:0.0000} | {_milliseconds:0.00} ms per step");
        if (step >= maxSteps)
            EndSteps();
    }

    public void EndSteps()
    {
        _done.Set();
        _live?.GetAwaiter().GetResult();
        _live = null;
    }

    public void Evaluation(Evaluation entry, string held) => console.MarkupLineInterpolated(
        CultureInfo.InvariantCulture,
        $"step {entry.Step} train loss: [green]{entry.Train:0.0000}[/] {held} loss: [bold green]{entry.Held:0.0000}[/]");

    public void Samples(SampleGroups groups)
    {
        var table = new Table().Border(TableBorder.Rounded);
        var titled = groups.Titled().ToArray();
        if (titled.Length == 0)
            return;
        foreach (var (title, words) in titled)
            table.AddColumn($"{words.Count} {title}");
        for (var row = 0; row < titled.Max(group => group.Words.Count); row++)
            table.AddRow(titled.Select(group => new Text(row < group.Words.Count ? Visible.Line(group.Words[row]) : "")));
        console.Write(table);
    }

    public void Explanation(string word, IReadOnlyList<ExplainedToken> tokens, Vocabulary vocabulary)
    {
        console.MarkupLineInterpolated($"[bold]{Visible.Line(word)}[/]");
        foreach (var token in tokens)
        {
            var line = new Paragraph($"  {vocabulary.Show(token.Token)} ", new Style(decoration: Decoration.Bold));
            line.Append(Percent(token.Probability), Tint(token.Probability));
            line.Append("  of ");
            foreach (var (likely, probability) in token.Likeliest)
                line.Append(
                    $"  {vocabulary.Show(likely)} {Percent(probability)}",
                    Tint(probability).Decoration(likely == token.Token ? Decoration.Underline : Decoration.None));
            console.Write(line);
            console.WriteLine();
        }
    }

    public void Table(IReadOnlyList<string> titles, IEnumerable<string[]> rows)
    {
        titles = [.. titles.Select(Visible.Line)];
        string[][] all = [.. rows.Select(row => row.Select(Visible.Line).ToArray())];
        var widths = titles.Select((title, column) => all.Select(row => row[column]).Append(title).Max(text => text.Length));
        if (widths.Sum(width => width + CellPadding) + 1 > console.Profile.Width)
        {
            foreach (var row in all)
                Record(titles, row);
            return;
        }
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var title in titles)
            table.AddColumn(Markup.Escape(title));
        foreach (var row in all)
            table.AddRow(row.Select(Markup.Escape).ToArray());
        console.Write(table);
    }

    /// <summary>A row of a table that is wider than the terminal: its first cell, and below it a line per cell, or two where a line
    /// is too short for the title and the value.</summary>
    private void Record(IReadOnlyList<string> titles, string[] row)
    {
        var indent = titles.Skip(1).Max(title => title.Length) + (2 * Indent);
        console.Write(new Text($"{row[0]}\n", new Style(decoration: Decoration.Bold)));
        foreach (var (title, value) in titles.Zip(row, (title, value) => (title, value)).Skip(1).Where(cell => cell.value.Length > 0))
            if (indent + value.Length <= console.Profile.Width)
                console.Write(new Text($"{new string(' ', Indent)}{title.PadRight(indent - Indent)}{value}\n"));
            else
            {
                console.Write(new Padder(new Text(title), new Padding(Indent, 0, 0, 0)));
                console.Write(new Padder(new Text(value), new Padding(2 * Indent, 0, 0, 0)));
            }
    }

    public void Heatmap(string title, IReadOnlyList<string> rows, IReadOnlyList<string> columns, double[,] values)
    {
        if (!HasColors)
            return;
        if ((2 * columns.Count) + 4 > console.Profile.Width)
        {
            Say($"{title}: {columns.Count} tokens are too many to draw here");
            return;
        }
        var largest = values.Cast<double>().Where(double.IsFinite).Append(0).Max();
        console.MarkupLineInterpolated($"[bold]{Visible.Line(title)}[/]");
        console.Write(new Text("   " + string.Concat(columns.Select(label => $" {Visible.Line(label)}")) + "\n"));
        for (var row = 0; row < rows.Count; row++)
        {
            var line = new Paragraph($" {Visible.Line(rows[row])} ");
            for (var column = 0; column < columns.Count; column++)
                line.Append("  ", Cell(values[row, column], largest));
            console.Write(line);
            console.WriteLine();
        }
    }

    public void Curves(string title, IReadOnlyList<ChartLine> lines)
    {
        var width = Math.Min(MaxCurveWidth, console.Profile.Width - AxisWidth - 8);
        if (!HasColors || width < 20)
            return;
        var heading = new Paragraph(title, new Style(decoration: Decoration.Bold));
        for (var line = 0; line < lines.Count; line++)
            heading.Append($"  • {lines[line].Name}", ColorOf(line));
        console.Write(heading);
        console.WriteLine();
        var steps = lines.SelectMany(line => line.Points).Select(point => point.X).ToArray();
        var (first, last) = (steps.Min(), steps.Max());
        foreach (var row in TextPlot.Rows([.. lines.Select(line => TextPlot.Resample(line.Points, first, last, width))], CurveHeight))
        {
            var text = new Paragraph(row.Axis);
            foreach (var line in row.Marks)
                text.Append(line < 0 ? " " : "•", line < 0 ? Style.Plain : ColorOf(line));
            console.Write(text);
            console.WriteLine();
        }
        foreach (var line in TextPlot.Foot(width, [Html.Number(first), Html.Number(last)]))
            Say(line);
    }

    public void Dispose() => EndSteps();

    private bool HasColors => console.Profile.Capabilities.ColorSystem != ColorSystem.NoColors;

    private static Style ColorOf(int line) => new(foreground: LineColors[line % LineColors.Length]);

    private static Style Cell(double value, double largest) =>
        double.IsFinite(value) ? new(background: Shade(largest > 0 ? value / largest : 0)) : Style.Plain;

    // From dark blue through green to yellow, with increasing brightness, so that color-blind people can read it.
    private static Color Shade(double share) => new(
        (byte)(20 + (235 * share)), (byte)(20 + (205 * Math.Sqrt(share))), (byte)(70 + (60 * Math.Sqrt(share) * (1 - share))));

    /// <summary>The color scale of a heatmap, light enough for text on a dark background.</summary>
    private static Style Tint(double share) => new(Shade(0.25 + (0.75 * share)));

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share,5:0.0} %");

    /// <summary>Room is left for the ^C that a terminal writes after the line: if it wrapped, parts of the bar would stay.</summary>
    private int BarWidth => Math.Clamp(console.Profile.Width - WidthBesideBar, 1, MaxBarWidth);

    private ProgressTask Start(long maxSteps)
    {
        var ready = new TaskCompletionSource<ProgressTask>(TaskCreationOptions.RunContinuationsAsynchronously);
        _live = Task.Run(() => console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn { Width = BarWidth }, new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ready.SetResult(context.AddTask("training", maxValue: Math.Max(1, maxSteps)));
                _done.Wait();
            }));
        return ready.Task.GetAwaiter().GetResult();
    }
}
