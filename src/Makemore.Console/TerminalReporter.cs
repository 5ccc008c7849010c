using System.Globalization;
using Spectre.Console;

namespace Makemore;

/// <summary>A live progress bar, tables and colours, for a person at a terminal.</summary>
internal sealed class TerminalReporter : IReporter
{
    private readonly ManualResetEventSlim _done = new();
    private ProgressTask? _bar;
    private Task? _live;
    private double _milliseconds;

    public void Say(string line) => AnsiConsole.MarkupLineInterpolated($"{line}");

    public void Step(long step, long maxSteps, double loss, double milliseconds)
    {
        _bar ??= Start(maxSteps);
        _milliseconds = _milliseconds == 0 ? milliseconds : (0.95 * _milliseconds) + (0.05 * milliseconds);
        _bar.Value = step;
        _bar.Description = string.Create(
            CultureInfo.InvariantCulture, $"step {step} | loss {loss:0.0000} | {_milliseconds:0.00} ms a step");
        if (step >= maxSteps)
            Stop();
    }

    public void Evaluation(Evaluated entry, string held) => AnsiConsole.MarkupLineInterpolated(
        CultureInfo.InvariantCulture,
        $"step {entry.Step} train loss: [green]{entry.Train:0.0000}[/] {held} loss: [bold green]{entry.Held:0.0000}[/]");

    public void Samples(SampleGroups groups)
    {
        var table = new Table().Border(TableBorder.Rounded);
        var titled = groups.Titled().ToArray();
        foreach (var (title, words) in titled)
            table.AddColumn($"{words.Count} {title}");
        for (var row = 0; row < titled.Max(group => group.Words.Count); row++)
            table.AddRow(titled.Select(group => new Text(row < group.Words.Count ? group.Words[row] : "")));
        AnsiConsole.Write(table);
    }

    public void Explanation(string word, IReadOnlyList<ExplainedToken> tokens, Vocabulary vocabulary)
    {
        AnsiConsole.MarkupLineInterpolated($"[bold]{word}[/]");
        foreach (var token in tokens)
        {
            var line = new Paragraph($"  {vocabulary.Show(token.Token)} ", new Style(decoration: Decoration.Bold));
            line.Append(Percent(token.Probability), Tint(token.Probability));
            line.Append("  of ");
            foreach (var (likely, probability) in token.Likeliest)
                line.Append(
                    $"  {vocabulary.Show(likely)} {Percent(probability)}",
                    Tint(probability).Decoration(likely == token.Token ? Decoration.Underline : Decoration.None));
            AnsiConsole.Write(line);
            AnsiConsole.WriteLine();
        }
    }

    public void Table(IReadOnlyList<string> titles, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var title in titles)
            table.AddColumn(Markup.Escape(title));
        foreach (var row in rows)
            table.AddRow(row.Select(Markup.Escape).ToArray());
        AnsiConsole.Write(table);
    }

    public void Heatmap(string title, IReadOnlyList<string> labels, long[,] values)
    {
        if ((2 * labels.Count) + 4 > AnsiConsole.Profile.Width)
        {
            AnsiConsole.MarkupLineInterpolated($"{title}: {labels.Count} characters are too many to draw here");
            return;
        }
        var largest = values.Cast<long>().Max();
        AnsiConsole.MarkupLineInterpolated($"[bold]{title}[/]");
        AnsiConsole.Write(new Text("   " + string.Concat(labels.Select(label => $" {label}")) + "\n"));
        for (var row = 0; row < labels.Count; row++)
        {
            var line = new Paragraph($" {labels[row]} ");
            for (var column = 0; column < labels.Count; column++)
                line.Append("  ", new Style(background: Shade(values[row, column] / (double)Math.Max(1, largest))));
            AnsiConsole.Write(line);
            AnsiConsole.WriteLine();
        }
    }

    public void Dispose() => Stop();

    // Dark blue over green to yellow, brighter as it grows: readable without telling red from green.
    private static Color Shade(double share) => new(
        (byte)(20 + (235 * share)), (byte)(20 + (205 * Math.Sqrt(share))), (byte)(70 + (60 * Math.Sqrt(share) * (1 - share))));

    /// <summary>The colour of a heatmap, as light as text has to be on a dark ground.</summary>
    private static Style Tint(double share) => new(Shade(0.25 + (0.75 * share)));

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share,5:0.0} %");

    private ProgressTask Start(long maxSteps)
    {
        var ready = new TaskCompletionSource<ProgressTask>(TaskCreationOptions.RunContinuationsAsynchronously);
        _live = Task.Run(() => AnsiConsole.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ready.SetResult(context.AddTask("training", maxValue: Math.Max(1, maxSteps)));
                _done.Wait();
            }));
        return ready.Task.GetAwaiter().GetResult();
    }

    private void Stop()
    {
        _done.Set();
        _live?.GetAwaiter().GetResult();
        _live = null;
    }
}
