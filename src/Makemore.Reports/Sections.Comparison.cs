namespace Makemore;

public static partial class Sections
{
    /// <summary>The losses of runs on the same test words.</summary>
    public static Section Comparison(IReadOnlyList<ComparedRun> runs) => new(
        "Loss",
        "All runs on the same test words; lower is better. Lines are standard errors over words. Two runs whose "
        + "lines touch may still differ beyond chance, because what is hard for one is hard for the other: the table "
        + "has each run against the one above on the same words.",
        [
            new BarChart(
                "Test loss", "run", "loss, nats a character", [.. runs.Select(run => run.Folder)],
                [new("test loss", [.. runs.Select(run => run.Test.Nats)], [.. runs.Select(run => run.Test.StandardError)])])
            {
                IsFromZero = false,
            },
            new ScatterChart(
                "Size against loss", "log10 of the number of parameters", "test loss, nats a character",
                [
                    .. runs.Select(run => new ScatterPoint(
                        run.Folder, Math.Log10(run.Parameters), run.Test.Nats, YError: run.Test.StandardError)),
                ]),
        ]);

    /// <summary>What the samples of runs are like.</summary>
    public static Section SampleQuality(IReadOnlyList<ComparedRun> runs)
    {
        var sampled = runs.Where(run => run.Samples is not null).ToArray();
        return new(
            "SampleQuality",
            "A model that only repeats has few new words and a low loss; one that only guesses has new words and a "
            + "high loss; a good one lies to the left, where its loss is low, with as many new words as real words "
            + "would have. Divergence is that of the samples' runs of characters from the training words', over what "
            + "chance makes of as many training words: 1 cannot be told from real words.",
            [
                new ScatterChart(
                    "Novelty against loss", "test loss, nats a character", "new among the different words, %",
                    [.. sampled.Select(Novelty)]),
                new LineChart(
                    "Divergence", "characters in a run", "times what chance alone makes",
                    [
                        .. sampled.Select(run => new ChartLine(
                            run.Folder, [.. run.Samples!.Divergences.Select(found => new ChartPoint(found.N, found.OverFloor))])),
                    ]),
                new BarChart(
                    "Memorization", "run", "training words beyond what test words show, %",
                    [.. sampled.Select(run => run.Folder)],
                    [
                        new(
                            "memorization", [.. sampled.Select(run => 100 * run.Memorization!.Figure)],
                            [.. sampled.Select(run => 100 * run.Memorization!.StandardError)]),
                    ]),
            ]);
    }

    /// <summary>The share of new words, with the standard error of a share of so many different words.</summary>
    private static ScatterPoint Novelty(ComparedRun run)
    {
        var (share, samples) = (run.Samples!.Novel, run.Samples);
        var different = samples.Unique * samples.Finished * samples.Count;
        var error = Math.Sqrt(share * (1 - share) / different);
        return new(run.Folder, run.Test.Nats, 100 * share, run.Test.StandardError, 100 * error);
    }
}
