using System.Collections.Immutable;
using System.Globalization;

namespace Makemore;

/// <summary>The results of --diagnose as a table.</summary>
internal static class DiagnosisTable
{
    private const string Healthy = "healthy";

    private static readonly string[] Titles =
        ["layer or leaf", "verdict", "mean", "std", "saturated", "gradient std", "log10 update/data"];

    /// <summary>Shows the medians of all snapshots, with problems flagged, and what to try.</summary>
    public static void Show(IReporter reporter, IReadOnlyList<Diagnosis> snapshots)
    {
        var rows = Rows(snapshots);
        reporter.Say($"diagnosis, medians of {snapshots.Count} snapshots, vectors only where there is a problem:");
        reporter.Table(Titles, rows.Select(row => row.Cells(healthy: "")));
        foreach (var found in rows.Where(row => row.Issue is not null).GroupBy(row => row.Issue!.Value, row => row.Name))
            reporter.Say($"{Remedies.Symptom(found.Key)}: {string.Join(", ", found)}; try {Remedies.Advice(found.Key)}");
        if (rows.All(row => row.Issue is null))
            reporter.Say($"diagnosis: {Healthy}");
    }

    /// <summary>The same for a report.</summary>
    public static DataTable Of(IReadOnlyList<Diagnosis> snapshots) => new(
        "Verdicts, medians of all snapshots", [.. Titles],
        snapshots.Count == 0 ? [] : [.. Rows(snapshots).Select(row => (ImmutableArray<string>)[.. row.Cells(Healthy)])]);

    /// <summary>Biases and gains, which the rules of thumb do not cover, are shown only if there is a problem with them.</summary>
    private static Row[] Rows(IReadOnlyList<Diagnosis> snapshots)
    {
        var (_, activations, leaves) = Health.Median(snapshots);
        return
        [
            .. from row in activations
               select new Row(
                   $"{row.Layer} {row.Function}", Health.Of(row),
                   [Text(row.Mean), Text(row.StandardDeviation), Text(row.Saturated, "0.0%"), "", ""]),
            .. from row in leaves
               let issue = Health.Of(row, leaves)
               where row.IsMatrix || issue is not null
               select new Row(
                   row.Leaf, issue,
                   [Text(row.Mean), Text(row.StandardDeviation), "", Text(row.Gradient, "0.0e+0"), Text(row.UpdateToData, "0.00")]),
        ];
    }

    private static string Text(double value, string format = "0.000") => value.ToString(format, CultureInfo.InvariantCulture);

    private sealed record Row(string Name, HealthIssue? Issue, string[] Numbers)
    {
        public string[] Cells(string healthy) => [Name, Issue is { } issue ? Remedies.Symptom(issue) : healthy, .. Numbers];
    }
}
