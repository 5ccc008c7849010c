namespace Makemore;

/// <summary>The comparison as a table.</summary>
internal static class ComparisonTable
{
    private const int Trigrams = 3;

    private static readonly string[] PerTokenTitles = ["test loss", "perplexity"], PerByteTitles = ["nats per byte", "bits per byte"];

    /// <summary>The column titles.</summary>
    /// <param name="against">The run that all are compared with; null for the one above each.</param>
    /// <param name="isPerByte">Whether losses are per byte, because the runs differ in what their tokens are.</param>
    public static string[] Titles(string? against, bool isPerByte = false) =>
    [
        "run", "parameters", "ms per step", .. isPerByte ? PerByteTitles : PerTokenTitles, "new", "3-grams", "memorized",
        $"vs. {against ?? "the run above"}",
    ];

    /// <summary>The column titles of runs that differ in their seed alone.</summary>
    public static readonly string[] SeedTitles =
        ["the same except --seed", "seeds", "mean test loss", "std over seeds", "lowest", "highest"];

    /// <summary>The row of a run.</summary>
    public static string[] Row(ComparedRun run, bool isPerByte = false) =>
    [
        run.Folder, $"{run.Parameters}",
        run.Steps is null ? "counted" : run.MillisecondsPerStep is { } milliseconds ? Numbers.Show(milliseconds, "0.00") : "",
        Numbers.Show(run.Test), isPerByte ? Numbers.Bits(run.Test) : Numbers.Perplexity(run.Test),
        run.Samples is { } samples ? Numbers.Show(samples.Novel, "0.0 %") : "",
        run.Samples?.Divergences.FirstOrDefault(divergence => divergence.N == Trigrams)?.OverFloor is { } over && double.IsFinite(over)
            ? $"{Numbers.Show(over, "0.0")} × floor"
            : "",
        run.Memorization is { } found ? $"{Numbers.Show(found.Figure, "0.00")}{(found.IsFlagged ? " REPEATS" : "")}" : "",
        run.Difference is { } difference ? Show(run.Test, difference) : "",
    ];

    /// <summary>The row of runs that differ in their seed alone.</summary>
    public static string[] Row(ComparedSeeds same) =>
    [
        string.Join(' ', same.Folders), $"{same.Folders.Count}", Numbers.Nats(same.Mean), Numbers.Nats(same.Deviation),
        Numbers.Nats(same.Lowest), Numbers.Nats(same.Highest),
    ];

    private static string Show(LossSummary loss, PairedTest difference) => difference switch
    {
        _ when !double.IsFinite(loss.Nats) => $"the loss is {Numbers.Nats(loss.Nats)}",
        _ when !double.IsFinite(difference.Nats) => "the other loss is not finite",
        { P: null } => "too few words to tell",
        { IsSignificant: true } => (difference.Nats < 0 ? "better" : "worse") + $" by {Numbers.Nats(Math.Abs(difference.Nats))} ± "
            + $"{Numbers.Nats(difference.StandardError)}, {Show(difference.P.Value)}",
        _ => $"no significant difference, {Show(difference.P.Value)}",
    };

    private static string Show(double p) => p < 0.001 ? "p < 0.001" : $"p = {Numbers.Show(p, "0.000")}";
}
