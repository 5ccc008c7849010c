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
        "run", Loss(isPerByte)[0], $"vs. {against ?? "the run above"}", Loss(isPerByte)[1], "new", "3-grams", "memorized", "parameters",
        "ms per step",
    ];

    /// <summary>The column titles of runs that differ in their seed alone.</summary>
    public static readonly string[] SeedTitles =
        ["the same except --seed", "parameters", "seeds", "mean test loss", "std over seeds", "lowest", "highest", "vs. the lowest mean (Holm)"];

    /// <summary>The row of a run.</summary>
    public static string[] Row(ComparedRun run, bool isPerByte = false) =>
    [
        run.Folder, Numbers.Show(run.Test), run.Difference is { } difference ? Show(run.Test, difference) : "",
        isPerByte ? Numbers.Bits(run.Test) : Numbers.Perplexity(run.Test),
        run.Samples is { } samples ? Numbers.Show(samples.Novel, "0.0 %") : "",
        run.Samples?.Divergences.FirstOrDefault(divergence => divergence.N == Trigrams)?.OverFloor is { } over && double.IsFinite(over)
            ? $"{Numbers.Show(over, "0.0")} × floor"
            : "",
        run.Memorization is { } found ? $"{Numbers.Show(found.Figure, "0.00")}{(found.IsFlagged ? " REPEATS" : "")}" : "",
        $"{run.Parameters}",
        run.Steps is null ? "counted" : run.MillisecondsPerStep is { } milliseconds ? Numbers.Show(milliseconds, "0.00") : "",
    ];

    /// <summary>The row of runs that differ in their seed alone.</summary>
    public static string[] Row(ComparedSeeds same) =>
    [
        same.Setting, $"{same.Parameters}", $"{same.Folders.Count}", Numbers.Nats(same.Mean), Numbers.Show(same.Deviation, "0.0000"),
        Numbers.Nats(same.Lowest), Numbers.Nats(same.Highest), same.Difference is { } difference ? Show(same.Mean, difference) : "",
    ];

    /// <summary>A difference from other runs, for runs with a mean loss.</summary>
    public static string Show(double mean, SeedsTest difference) => difference switch
    {
        _ when !double.IsFinite(mean) => $"the loss is {Numbers.Nats(mean)}",
        _ when !double.IsFinite(difference.Nats) => "the lowest loss is not finite",
        { P: null } => "too few seeds to tell",
        _ => Show(difference.Nats, difference.StandardError, difference.P.Value, difference.IsSignificant),
    };

    private static string[] Loss(bool isPerByte) => isPerByte ? PerByteTitles : PerTokenTitles;

    private static string Show(LossSummary loss, PairedTest difference) => difference switch
    {
        _ when !double.IsFinite(loss.Nats) => $"the loss is {Numbers.Nats(loss.Nats)}",
        _ when !double.IsFinite(difference.Nats) => "the other loss is not finite",
        { P: null } => "too few words to tell",
        _ => Show(difference.Nats, difference.StandardError, difference.P.Value, difference.IsSignificant),
    };

    private static string Show(double nats, double error, double p, bool isSignificant) => isSignificant
        ? $"{(nats < 0 ? "better" : "worse")} by {Numbers.Nats(Math.Abs(nats))} ± {Numbers.Nats(error)}, {Show(p)}"
        : $"no significant difference, {Show(p)}";

    private static string Show(double p) => p < 0.001 ? "p < 0.001" : $"p = {Numbers.Show(p, "0.000")}";
}
