using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

/// <summary>The report of a comparison.</summary>
/// <param name="TestWords">The number of test words.</param>
/// <param name="Runs">The runs.</param>
/// <param name="Table">The comparison as a table.</param>
/// <param name="Seeds">Runs that differ in their seed alone.</param>
/// <param name="SeedsTable">These as a table.</param>
/// <param name="Words">A few samples of each run, in the order of the runs; empty if there are none.</param>
public sealed record ComparisonReport(
    long TestWords, ImmutableArray<ComparedRun> Runs, DataTable Table, ImmutableArray<ComparedSeeds> Seeds, DataTable SeedsTable,
    ImmutableArray<WordList> Words)
{
    /// <summary>What losses are per: character, token or byte.</summary>
    public string Unit { get; init; } = "character";

    /// <summary>The models that run in the page, by the names of their runs.</summary>
    internal ImmutableArray<(string Name, string Json)> Models { get; init; } = [];

    /// <summary>The report as a page.</summary>
    public Report ToReport() => new(
        $"{Runs.Length} runs compared",
        "Each run's own script, evaluated on the same held-out words.",
        [
            ("test words", Number(TestWords)),
            ("samples per run", Number(Runs.Max(run => run.Samples?.Count ?? 0))),
            (
                "lowest test loss",
                Runs.Where(run => double.IsFinite(run.Test.Nats)).MinBy(run => run.Test.Nats) is { } best
                    ? $"{best.Folder}, {Number(best.Test.Nats)}"
                    : ""),
        ],
        [
            Sections.Settings(Seeds, SeedsTable, Unit),
            new(
                "Try the models",
                "Type the beginning of a word: what each model expects next, and how many bits what was typed takes, fewer for the model that "
                + "expected it. The models are those in the reports of the runs.",
                [new SideBySide(Models)]),
            Sections.Comparison(Runs, Unit),
            Sections.SampleQuality(Runs, Unit),
            new(
                "All results",
                "The third column compares runs by a paired permutation test over the test words.", [Table]),
            new("Samples", "The first samples of each run.", [.. Words]),
        ]);
}
