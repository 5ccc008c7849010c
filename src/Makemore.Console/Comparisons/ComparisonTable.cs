namespace Makemore;

/// <summary>The comparison as a table.</summary>
internal static class ComparisonTable
{
    private const int Trigrams = 3;

    /// <summary>The column titles.</summary>
    public static readonly string[] Titles =
        ["run", "parameters", "ms per step", "test loss", "perplexity", "new", "3-grams", "memorized", "vs. the run above"];

    /// <summary>The row of a run.</summary>
    public static string[] Row(ComparedRun run) =>
    [
        run.Folder, $"{run.Parameters}", run.MillisecondsPerStep is { } milliseconds ? Numbers.Show(milliseconds, "0.00") : "counted",
        Numbers.Show(run.Test), Numbers.Show(run.Test.Perplexity, "0.00"),
        run.Samples is { } samples ? Numbers.Show(samples.Novel, "0.0 %") : "",
        run.Samples?.Divergences.FirstOrDefault(divergence => divergence.N == Trigrams) is { } divergence
            ? $"{Numbers.Show(divergence.OverFloor, "0.0")} × floor"
            : "",
        run.Memorization is { } found ? $"{Numbers.Show(found.Figure, "0.00")}{(found.IsFlagged ? " REPEATS" : "")}" : "",
        run.AgainstAbove is { } difference ? Show(difference) : "",
    ];

    private static string Show(PairedBootstrap difference)
    {
        var p = difference.P < 0.001 ? "p < 0.001" : $"p = {Numbers.Show(difference.P, "0.000")}";
        return difference.IsSignificant
            ? $"{(difference.Nats < 0 ? "better" : "worse")} by {Numbers.Show(Math.Abs(difference.Nats), "0.0000")} ± "
                + $"{Numbers.Show(difference.StandardError, "0.0000")}, {p}"
            : $"no significant difference, {p}";
    }
}
