using System.Globalization;

namespace Makemore;

/// <summary>The results of --diagnose as a table.</summary>
internal static class DiagnosisTable
{
    /// <summary>Shows the medians of all snapshots, with problems flagged, and what to try. Biases and gains, which the rules of
    /// thumb do not cover, are shown only if there is a problem with them.</summary>
    public static void Show(IReporter reporter, IReadOnlyList<Diagnosis> snapshots)
    {
        var (_, activations, leaves) = Health.Median(snapshots);
        var layers = activations.Select(row => (
            Name: $"{row.Layer} {row.Function}", Issue: Health.Of(row),
            Numbers: new[] { Text(row.Mean), Text(row.StandardDeviation), Text(row.Saturated, "0.0%"), "", "" }));
        var parameters = leaves.Where(row => row.IsMatrix || Health.Of(row, leaves) is not null).Select(row => (
            Name: row.Leaf, Issue: Health.Of(row, leaves),
            Numbers: new[]
            {
                Text(row.Mean), Text(row.StandardDeviation), "", Text(row.Gradient, "0.0e+0"), Text(row.UpdateToData, "0.00"),
            }));
        var rows = layers.Concat(parameters).ToArray();
        reporter.Say($"diagnosis, medians of {snapshots.Count} snapshots, vectors only where there is a problem:");
        reporter.Table(
            ["layer or leaf", "mean", "std", "saturated", "gradient std", "log10 update/data", ""],
            rows.Select(row => (string[])[row.Name, .. row.Numbers, row.Issue is { } issue ? Remedies.Symptom(issue) : ""]));
        foreach (var found in rows.Where(row => row.Issue is not null).GroupBy(row => row.Issue!.Value, row => row.Name))
            reporter.Say($"{Remedies.Symptom(found.Key)}: {string.Join(", ", found)}; try {Remedies.Advice(found.Key)}");
        if (rows.All(row => row.Issue is null))
            reporter.Say("diagnosis: healthy");
    }

    private static string Text(double value, string format = "0.000") => value.ToString(format, CultureInfo.InvariantCulture);
}
