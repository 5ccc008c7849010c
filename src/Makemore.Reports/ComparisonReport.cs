using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

/// <summary>What a comparison of runs has to report.</summary>
/// <param name="TestWords">On how many test words they were compared.</param>
/// <param name="Runs">The runs.</param>
/// <param name="Table">All of it in rows.</param>
/// <param name="Words">Some words of each run, in the order of the runs; none where none were asked for.</param>
public sealed record ComparisonReport(
    long TestWords, ImmutableArray<ComparedRun> Runs, DataTable Table, ImmutableArray<WordList> Words)
{
    /// <summary>The report: a pure function of all this.</summary>
    public Report ToReport() => new(
        $"{Runs.Length} runs compared",
        "Each run's own script on the same held-out words.",
        [
            ("test words", Number(TestWords)),
            ("samples of each", Number(Runs.Max(run => run.Samples?.Count ?? 0))),
            ("lowest test loss", Runs.MinBy(run => run.Test.Nats) is { } best ? $"{best.Folder}, {Number(best.Test.Nats)}" : ""),
        ],
        [
            Sections.Comparison(Runs),
            Sections.SampleQuality(Runs),
            new("All numbers", "Each run against the one above it on the same words, drawn anew again and again.", [Table]),
            new("Samples", "The first words that each run makes.", [.. Words]),
        ]);
}
