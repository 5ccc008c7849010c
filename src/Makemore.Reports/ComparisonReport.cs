using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

/// <summary>The report of a comparison.</summary>
/// <param name="TestWords">The number of test words.</param>
/// <param name="Runs">The runs.</param>
/// <param name="Table">The comparison as a table.</param>
/// <param name="Words">A few samples of each run, in the order of the runs; empty if there are none.</param>
public sealed record ComparisonReport(
    long TestWords, ImmutableArray<ComparedRun> Runs, DataTable Table, ImmutableArray<WordList> Words)
{
    /// <summary>The report as a page.</summary>
    public Report ToReport() => new(
        $"{Runs.Length} runs compared",
        "Each run's own script, evaluated on the same held-out words.",
        [
            ("test words", Number(TestWords)),
            ("samples per run", Number(Runs.Max(run => run.Samples?.Count ?? 0))),
            ("lowest test loss", Runs.MinBy(run => run.Test.Nats) is { } best ? $"{best.Folder}, {Number(best.Test.Nats)}" : ""),
        ],
        [
            Sections.Comparison(Runs),
            Sections.SampleQuality(Runs),
            new(
                "All results", "The last column compares each run with the one above it, by a paired bootstrap over the test words.",
                [Table]),
            new("Samples", "The first samples of each run.", [.. Words]),
        ]);
}
