namespace Makemore;

public static partial class Sections
{
    /// <summary>The losses of runs on the same test words.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="unit">What losses are per: character, token or byte.</param>
    public static Section Comparison(IReadOnlyList<ComparedRun> runs, string unit) => new(
        "Loss",
        "All runs on the same test words; lower is better. Error bars are standard errors over words. Two runs whose "
        + "error bars overlap may still differ significantly, because the same words are hard for both: the table "
        + "compares runs word by word.",
        [
            new BarChart(
                "Test loss", "run", $"loss, nats per {unit}", [.. runs.Select(run => run.Folder)],
                [new("test loss", [.. runs.Select(run => run.Test.Nats)], [.. runs.Select(run => run.Test.StandardError)])])
            {
                IsFromZero = false,
            },
            .. ByCost(
                unit, [.. runs.Select(run => (run.Folder, run.Parameters, run.Seconds, run.Test.Nats, run.Test.StandardError))]),
        ]);

    /// <summary>The mean losses of settings over seeds; empty if there are none.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="table">The settings as a table.</param>
    /// <param name="unit">What losses are per: character, token or byte.</param>
    public static Section Settings(IReadOnlyList<ComparedSeeds> settings, DataTable table, string unit) => new(
        "Settings",
        "Runs that differ in their seed alone. Error bars are the standard errors of the mean over seeds. The last column compares each "
        + "setting with the one of the lowest mean, over seeds and words together; p is corrected for the number of all pairs (Holm). "
        + "The lowest mean of many is lower than what its setting reaches with other seeds.",
        [
            table,
            .. ByCost(
                unit,
                [
                    .. settings.Select(same => (
                        same.Setting, same.Parameters, same.Seconds, same.Mean, same.Deviation / Math.Sqrt(same.Folders.Count))),
                ]),
        ]);

    /// <summary>The loss by what it costs: parameters, and time.</summary>
    private static ScatterChart[] ByCost(
        string unit, IReadOnlyList<(string Name, long Parameters, double? Seconds, double Nats, double Error)> models)
    {
        var loss = $"test loss, nats per {unit}";
        return
        [
            new(
                "Loss by size", "log10 of the number of parameters", loss,
                [.. models.Select(model => new ScatterPoint(model.Name, Math.Log10(model.Parameters), model.Nats, YError: model.Error))])
            {
                HasFront = true,
            },
            new(
                "Loss by time", "time of the training steps, s", loss,
                [
                    .. models.Where(model => model.Seconds is not null)
                        .Select(model => new ScatterPoint(model.Name, model.Seconds!.Value, model.Nats, YError: model.Error)),
                ])
            {
                HasFront = true,
            },
        ];
    }

    /// <summary>The quality of the samples of runs.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="unit">What losses are per: character, token or byte.</param>
    public static Section SampleQuality(IReadOnlyList<ComparedRun> runs, string unit)
    {
        var sampled = runs.Where(run => run.Samples is not null).ToArray();
        return new(
            "Sample quality",
            "A model that only repeats its training words has few new words and a low loss; one that only guesses has many "
            + "new words and a high loss; a good one is on the left, where the loss is low, with about as many new words as "
            + "held-out words have. The divergence is the Jensen-Shannon divergence between the n-grams of the samples and "
            + "those of the training words, relative to that of a random draw of training words of the same size: at 1, "
            + "samples are indistinguishable from training words.",
            [
                new ScatterChart(
                    "Novelty by loss", $"test loss, nats per {unit}", "new among distinct samples, %",
                    [.. sampled.Select(Novelty)]),
                new LineChart(
                    "Divergence", "n-gram length", "relative to chance",
                    [
                        .. sampled.Select(run => new ChartLine(
                            run.Folder, [.. run.Samples!.Divergences.Select(found => new ChartPoint(found.N, found.OverFloor))])),
                    ]),
                new BarChart(
                    "Memorization", "run", "training words in excess of test words, %",
                    [.. sampled.Select(run => run.Folder)],
                    [
                        new(
                            "memorization", [.. sampled.Select(run => 100 * run.Memorization!.Figure)],
                            [.. sampled.Select(run => 100 * run.Memorization!.StandardError)]),
                    ]),
            ]);
    }

    /// <summary>The share of new words among the distinct samples, with its standard error.</summary>
    private static ScatterPoint Novelty(ComparedRun run)
    {
        var (share, samples) = (run.Samples!.Novel, run.Samples);
        var distinct = samples.Unique * samples.Finished * samples.Count;
        var error = Math.Sqrt(share * (1 - share) / distinct);
        return new(run.Folder, run.Test.Nats, 100 * share, run.Test.StandardError, 100 * error);
    }
}
