using System.Globalization;

namespace Makemore;

/// <summary>Plain lines in the format of makemore.py, for files and other programs.</summary>
internal sealed class PlainReporter(TextWriter output) : IReporter
{
    private const int Every = 10;

    public void Say(string text)
    {
        foreach (var line in text.Split('\n'))
            output.WriteLine(Visible.Line(line));
    }

    public void Step(long step, long maxSteps, double loss, double milliseconds)
    {
        if (step % Every == 0)
            Say(string.Create(
                CultureInfo.InvariantCulture, $"step {step} | loss {loss:0.0000} | step time {milliseconds:0.00}ms"));
    }

    public void EndSteps()
    {
    }

    public void Evaluation(Evaluation entry, string held) => Say(string.Create(
        CultureInfo.InvariantCulture, $"step {entry.Step} train loss: {entry.Train:0.0000} {held} loss: {entry.Held:0.0000}"));

    public void Samples(SampleGroups groups)
    {
        foreach (var (title, words) in groups.Titled())
        {
            Say($"{words.Count} {(words.Count == 1 ? "sample" : "samples")} {title}:");
            foreach (var word in words)
                Say(word);
        }
    }

    public void Explanation(string word, IReadOnlyList<ExplainedToken> tokens, Vocabulary vocabulary)
    {
        Say(word);
        foreach (var token in tokens)
            Say(string.Create(
                CultureInfo.InvariantCulture,
                $"  {vocabulary.Show(token.Token)} {token.Probability:0.000}  of  ")
                + string.Join("  ", token.Likeliest.Select(likely => string.Create(
                    CultureInfo.InvariantCulture, $"{vocabulary.Show(likely.Token)} {likely.Probability:0.000}"))));
    }

    public void Table(IReadOnlyList<string> titles, IEnumerable<string[]> rows)
    {
        string[][] lines = [.. rows.Prepend([.. titles]).Select(row => Array.ConvertAll(row, Visible.Line))];
        var widths = titles.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
            Say(string.Join("  ", line.Select((text, column) => text.PadRight(widths[column]))).TrimEnd());
    }

    public void Heatmap(string title, IReadOnlyList<string> rows, IReadOnlyList<string> columns, double[,] values)
    {
    }

    public void Curves(string title, IReadOnlyList<ChartLine> lines)
    {
    }

    public void Dispose() => output.Flush();
}
