using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

public static partial class Sections
{
    /// <summary>Lengths that fewer than this percentage of words exceed share one bar.</summary>
    private const double RareLengths = 0.2;

    /// <summary>Where the loss on test words, or on the test piece of a text, comes from: positions, characters, lengths.</summary>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="breakdown">The losses.</param>
    /// <param name="isText">Whether positions are in the windows of a text.</param>
    public static Section Breakdown(Vocabulary vocabulary, LossBreakdown breakdown, bool isText = false)
    {
        var (where, whole) = isText ? ("window", "piece") : ("word", "words");
        var characters = breakdown.ByTarget.OrderByDescending(group => group.Loss.Tokens).Take(MaxLetters)
            .OrderBy(group => group.Index).ToArray();
        return new(
            "Where the loss comes from",
            $"The loss on the test {whole} by the position in the {where}{(isText ? "" : $", by the length of the word")}, and by the "
            + $"{vocabulary.Unit} to predict{(isText ? "" : $" ({vocabulary.StopSign} is the end of the word)")}. It is high where many "
            + $"{vocabulary.Unit}s are possible, and low where the context determines the next one. Error bars are standard errors over "
            + (isText ? "windows." : "words.")
            + Chosen(characters.Length, breakdown.ByTarget.Count),
            [
                Losses(
                    "Loss by position", $"position in the {where}, from 1", breakdown.ByPosition.Take(MaxLetters),
                    position => $"{position + 1}"),
                Losses($"Loss by {vocabulary.Unit}", vocabulary.Unit, characters, vocabulary.Show),
                .. isText ? [] : new[]
                {
                    Losses("Loss by length", $"{vocabulary.Unit}s in the word", breakdown.ByLength.Take(MaxLetters), length => $"{length}"),
                },
            ]);
    }

    /// <summary>Whether the model's probabilities are calibrated.</summary>
    /// <param name="all">The calibration of all probabilities.</param>
    /// <param name="top">The calibration of the highest probability of each prediction.</param>
    public static Section Reliability(Calibration all, Calibration top) => new(
        "Calibration",
        "Of the tokens that the model predicts with a probability of 30 %, 30 % should occur. Points on the diagonal are "
        + "calibrated; below it the model is overconfident, above it underconfident. Error bars are standard errors.",
        [
            new LineChart(
                "Reliability diagram, test words", "predicted probability", "observed frequency",
                [
                    new("all probabilities", Points(all)),
                    new("highest of each prediction", Points(top)),
                    new("calibrated", [new(0, 0), new(1, 1)], IsReference: true),
                ])
            {
                Caption = "Expected calibration error (mean distance from the diagonal): "
                    + $"{Numbers.Show(all.Error, "0.0000")} for all, {Numbers.Show(top.Error, "0.0000")} for the highest.",
            },
        ]);

    /// <summary>The quality of a model's samples, compared with training and test words.</summary>
    public static Section SampleQuality(SampleSummary samples, Memorization memorization) => new(
        "Sample quality",
        $"{Number(samples.Count)} samples compared with real words: their lengths, their n-grams, and their edit distance to "
        + "the nearest training word. A model that repeats its training words has more samples at distances 0 and 1 than "
        + "test words have.",
        [
            Lengths(samples),
            Divergence(samples),
            new BarChart(
                "Distance to the nearest training word", "edit distance", "share of words, %",
                [.. samples.Nearest.Counts.Select((_, i) => i == NearestWords.Limit ? $"{i} or more" : $"{i}")],
                [new("samples", Percents(samples.Nearest.Counts)), new("test words", Percents(samples.HeldNearest.Counts))]),
            new DataTable(
                "Divergence in bits", ["n-gram length", "samples", "random training words (floor)"],
                [
                    .. samples.Divergences.Select(divergence => (ImmutableArray<string>)
                        [$"{divergence.N}", Number(divergence.Bits), Number(divergence.Floor, divergence.FloorDeviation)]),
                ]),
            new DataTable(
                "Summary", ["samples", "share"],
                [
                    ["ended by the model", Percent(samples.Finished)],
                    ["distinct", Percent(samples.Unique)],
                    ["new among the distinct ones", Percent(samples.Novel)],
                    ["in the training set", Percent(samples.InTrain)],
                    [
                        $"unseen test words found ({Number(samples.HeldFound)} of {Number(samples.HeldUnseen)})",
                        Percent(samples.HeldHits),
                    ],
                    ["training words in excess of test words", Percent(memorization.Figure)],
                ]),
        ]);

    private static BarChart Losses(string title, string categories, IEnumerable<LossGroup> groups, Func<int, string> name)
    {
        var all = groups.ToArray();
        return new(
            title, categories, "loss, nats per token", [.. all.Select(group => name(group.Index))],
            [new("loss", [.. all.Select(group => group.Loss.Nats)], [.. all.Select(group => group.Loss.StandardError)])]);
    }

    /// <summary>The bins that are not empty; the standard error of a frequency is binomial.</summary>
    private static ImmutableArray<ChartPoint> Points(Calibration calibration) =>
    [
        .. calibration.Bins.Where(bin => bin.Count > 0).Select(bin => new ChartPoint(
            bin.MeanProbability, bin.Frequency, Math.Sqrt(bin.Frequency * (1 - bin.Frequency) / bin.Count))),
    ];

    /// <summary>The distribution of lengths; the last bar is for all rare lengths.</summary>
    private static BarChart Lengths(SampleSummary samples)
    {
        var (made, real) = (Percents(samples.Lengths.Counts), Percents(samples.TrainLengths.Counts));
        var last = Enumerable.Range(1, Math.Max(made.Length, real.Length)).First(length =>
            length == MaxLetters || (made.Skip(length + 1).Sum() < RareLengths && real.Skip(length + 1).Sum() < RareLengths));
        return new(
            "Length", "characters in the word", "share of words, %",
            [.. Enumerable.Range(1, last).Select(length => length < last ? $"{length}" : $"{length}+")],
            [new("samples", Cut(made)), new("training words", Cut(real))])
        {
            Caption = $"Means: {Numbers.Show(samples.Lengths.Mean, "0.00")} and "
                + $"{Numbers.Show(samples.TrainLengths.Mean, "0.00")} characters.",
        };

        ImmutableArray<double> Cut(ImmutableArray<double> shares) =>
            [.. Enumerable.Range(1, last).Select(length => shares.Skip(length).Take(length < last ? 1 : int.MaxValue).Sum())];
    }

    private static BarChart Divergence(SampleSummary samples) => new(
        "Divergence", "n-gram length", "relative to chance",
        [.. samples.Divergences.Select(divergence => $"{divergence.N}")],
        [new("divergence / floor", [.. samples.Divergences.Select(divergence => divergence.OverFloor)])])
    {
        Caption = "Jensen-Shannon divergence between the n-grams of the samples and those of the training words, relative to that of a "
            + "random draw of training words of the same size: at 1, samples are indistinguishable from training words.",
    };

    private static ImmutableArray<double> Percents(IReadOnlyList<long> counts) =>
        [.. counts.Select(count => 100.0 * count / counts.Sum())];
}
