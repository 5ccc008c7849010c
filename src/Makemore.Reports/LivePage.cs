using System.Collections.Immutable;
using System.Globalization;
using static Makemore.Html;

namespace Makemore;

/// <summary>A run on the live page.</summary>
/// <param name="Name">Its work dir.</param>
/// <param name="Curves">Its losses so far.</param>
/// <param name="Samples">Its last samples.</param>
/// <param name="Age">The time since it last wrote them.</param>
internal sealed record LiveRun(string Name, LearningCurves Curves, ImmutableArray<string> Samples, TimeSpan Age)
{
    /// <summary>The last evaluation as text.</summary>
    public ImmutableArray<string> Row => Curves.Evaluations is [.., var last]
        ?
        [
            Name, Number(last.Step), Numbers.Nats(last.TrainLoss), Numbers.Nats(last.HeldOutLoss), Numbers.Nats(Curves.Evaluations.Min(entry => entry.HeldOutLoss)),
            last.MillisecondsPerStep is { } milliseconds ? Numbers.Show(milliseconds, "0.00") : "", Ago,
        ]
        : [Name, Curves.Batches is [.., var batch] ? Number(batch.Step) : "", "", "", "", "", Ago];

    private string Ago => Age.TotalSeconds < 60 ? "now" : Age.TotalMinutes < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{Age.TotalMinutes:0} min ago")
        : string.Create(CultureInfo.InvariantCulture, $"{Age.TotalHours:0} h ago");
}

/// <summary>The live page: runs over each other, as they train.</summary>
/// <param name="Runs">The runs, last written first.</param>
/// <param name="Load">The machine's load, if it is known: the number of threads that want to run.</param>
internal sealed record LivePage(ImmutableArray<LiveRun> Runs, double? Load)
{
    private const int MaxSamples = 6;

    /// <summary>The page around it, which asks for the runs every second. It may ask nobody else.</summary>
    public static string Frame { get; } = Report.Page(
        "Runs", $"{Report.Policy}; connect-src 'self'; img-src data:",
        """
        <header><h1>Runs</h1><p id="state" role="status">…</p></header>
        <main></main>
        """,
        "<link rel=\"icon\" href=\"data:,\">\n", $"<script>\n{Report.Embedded("live.js")}</script>\n");

    /// <summary>The contents of the page.</summary>
    public string ToHtml() => Runs.IsEmpty ? "<p>No run has begun.</p>" : string.Concat(new Section[]
    {
        new(
            "Loss", "The loss on held-out words at each evaluation, and the mean loss of the batches in between.",
            [
                new LineChart("Held-out loss", "step", "nats", [.. Runs.Select(run => Line(run, Evaluations(run)))]),
                new LineChart("Batch loss", "step", "nats", [.. Runs.Select(run => Line(run, Batches(run)))]),
                new DataTable(
                    "Runs", ["run", "step", "train loss", "held-out loss", "lowest", "ms per step", "written"], [.. Runs.Select(run => run.Row)]),
            ]),
        new(
            "Samples", "The samples of the last evaluation.",
            [.. Runs.Where(run => !run.Samples.IsEmpty).Take(MaxSamples).Select(run => new WordList(run.Name, run.Samples))]),
    }.Where(section => !section.IsEmpty).Select(section => section.ToHtml())) + (Load is { } load
        ? $"<p>Machine load: {Number(load)} of {Number(Environment.ProcessorCount)} processors.</p>"
        : "");

    private static ChartLine Line(LiveRun run, IEnumerable<ChartPoint> points) => new(run.Name, [.. points]);

    private static IEnumerable<ChartPoint> Evaluations(LiveRun run) => run.Curves.Evaluations
        .Where(entry => entry.MillisecondsPerStep is not null).Select(entry => new ChartPoint(entry.Step, entry.HeldOutLoss));

    private static IEnumerable<ChartPoint> Batches(LiveRun run) =>
        run.Curves.Losses.Where(line => line.Name == "batches").SelectMany(line => line.Points);
}
