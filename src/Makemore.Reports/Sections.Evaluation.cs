using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

public static partial class Sections
{
    /// <summary>The share of words, in percent, that may be longer than a chart of lengths shows singly.</summary>
    private const double RareLengths = 0.2;

    /// <summary>Where the loss on test words comes from: places, characters, lengths.</summary>
    public static Section Breakdown(Vocabulary vocabulary, LossBreakdown breakdown)
    {
        var characters = breakdown.ByTarget.OrderByDescending(group => group.Loss.Tokens).Take(MaxLetters)
            .OrderBy(group => group.Index).ToArray();
        return new(
            "Where the loss comes from",
            "The loss on test words by the place in the word, by the character that came (a dot is the end of the "
            + "word), and by the length of the word. High where much is possible, low where the rest is clear. "
            + "Vertical lines are standard errors over words."
            + Chosen(characters.Length, breakdown.ByTarget.Count),
            [
                Losses(
                    "Loss by place", "place in the word, from 1", breakdown.ByPosition.Take(MaxLetters), place => $"{place + 1}"),
                Losses("Loss by character", "character", characters, token => Letter(vocabulary.Show(token))),
                Losses("Loss by length", "characters in the word", breakdown.ByLength.Take(MaxLetters), length => $"{length}"),
            ]);
    }

    /// <summary>Whether the model's probabilities are what they say.</summary>
    /// <param name="all">Of all probabilities.</param>
    /// <param name="top">Of the greatest probability of each character.</param>
    public static Section Reliability(Calibration all, Calibration top) => new(
        "Reliability",
        "Of all that the model gives a probability of 30 %, 30 % should come: points on the diagonal are honest, "
        + "below it the model is too sure of itself, above it not sure enough. Vertical lines are standard errors.",
        [
            new LineChart(
                "Reliability on test words", "probability that was given", "how often it came",
                [
                    new("all probabilities", Points(all)),
                    new("the greatest of each character", Points(top)),
                    new("honest", [new(0, 0), new(1, 1)], IsReference: true),
                ])
            {
                Caption = "Expected calibration error, the mean distance from the diagonal: "
                    + $"{Numbers.Show(all.Error, "0.0000")} of all, {Numbers.Show(top.Error, "0.0000")} of the greatest.",
            },
        ]);

    /// <summary>What a model's samples are like, beside the words that it learned from and those that it did not.</summary>
    public static Section SampleQuality(SampleSummary samples, Memorization memorization) => new(
        "SampleQuality",
        $"{Number(samples.Count)} samples beside real words: whether they are as long, whether they have the "
        + "same runs of characters, and how many characters they are away from the nearest training word. A model "
        + "that repeats its training words has more samples at 0 and 1 than test words have.",
        [
            Lengths(samples),
            Divergence(samples),
            new BarChart(
                "Distance to the nearest training word", "characters to change", "of the words, %",
                [.. samples.Nearest.Counts.Select((_, i) => i == NearestWords.Limit ? $"{i} or more" : $"{i}")],
                [new("samples", Percents(samples.Nearest.Counts)), new("test words", Percents(samples.HeldNearest.Counts))]),
            new DataTable(
                "Divergence in bits", ["characters in a run", "samples", "as many training words"],
                [
                    .. samples.Divergences.Select(divergence => (ImmutableArray<string>)
                        [$"{divergence.N}", Number(divergence.Bits), Number(divergence.Floor, divergence.FloorDeviation)]),
                ]),
            new DataTable(
                "In numbers", ["of the samples", "share"],
                [
                    ["ended by the model", Percent(samples.Finished)],
                    ["different words among them", Percent(samples.Unique)],
                    ["new among the different ones", Percent(samples.Novel)],
                    ["training words", Percent(samples.InTrain)],
                    [
                        $"test words it had not seen ({Number(samples.HeldFound)} of {Number(samples.HeldUnseen)})",
                        Percent(samples.HeldHits),
                    ],
                    ["training words beyond what test words show", Percent(memorization.Figure)],
                ]),
        ]);

    private static BarChart Losses(string title, string categories, IEnumerable<LossGroup> groups, Func<int, string> name)
    {
        var all = groups.ToArray();
        return new(
            title, categories, "loss, nats a character", [.. all.Select(group => name(group.Index))],
            [new("loss", [.. all.Select(group => group.Loss.Nats)], [.. all.Select(group => group.Loss.StandardError)])]);
    }

    /// <summary>Bins with their frequencies; a frequency's standard error is that of a share of so many.</summary>
    private static ImmutableArray<ChartPoint> Points(Calibration calibration) =>
    [
        .. calibration.Bins.Where(bin => bin.Count > 0).Select(bin => new ChartPoint(
            bin.MeanProbability, bin.Frequency, Math.Sqrt(bin.Frequency * (1 - bin.Frequency) / bin.Count))),
    ];

    /// <summary>Lengths up to where hardly a word is left; what is longer is taken together.</summary>
    private static BarChart Lengths(SampleSummary samples)
    {
        var (made, real) = (Percents(samples.Lengths.Counts), Percents(samples.TrainLengths.Counts));
        var last = Enumerable.Range(1, Math.Max(made.Length, real.Length)).First(length =>
            length == MaxLetters || (made.Skip(length + 1).Sum() < RareLengths && real.Skip(length + 1).Sum() < RareLengths));
        return new(
            "Length", "characters in the word", "of the words, %",
            [.. Enumerable.Range(1, last).Select(length => length < last ? $"{length}" : $"{length}+")],
            [new("samples", Cut(made)), new("training words", Cut(real))])
        {
            Caption = $"On the mean {Numbers.Show(samples.Lengths.Mean, "0.00")} and "
                + $"{Numbers.Show(samples.TrainLengths.Mean, "0.00")} characters.",
        };

        ImmutableArray<double> Cut(ImmutableArray<double> shares) =>
            [.. Enumerable.Range(1, last).Select(length => shares.Skip(length).Take(length < last ? 1 : int.MaxValue).Sum())];
    }

    private static BarChart Divergence(SampleSummary samples) => new(
        "Divergence", "characters in a run", "times what chance alone makes",
        [.. samples.Divergences.Select(divergence => $"{divergence.N}")],
        [new("divergence over its floor", [.. samples.Divergences.Select(divergence => divergence.OverFloor)])])
    {
        Caption = "How far the samples' runs of characters are from the training words' (Jensen-Shannon divergence), over how "
            + "far as many training words drawn by chance are: 1 cannot be told from real words.",
    };

    private static ImmutableArray<double> Percents(IReadOnlyList<long> counts) =>
        [.. counts.Select(count => 100.0 * count / counts.Sum())];
}
