using System.Collections.Immutable;

namespace Makemore;

public static partial class Sections
{
    /// <summary>How a model learned: its losses at each evaluation, its learning rate if it changed, and the norm of the
    /// gradient.</summary>
    /// <param name="metrics">The evaluations, by step.</param>
    public static Section Loss(IReadOnlyList<Metrics> metrics)
    {
        var held = metrics.Select(entry => entry.HeldOut).FirstOrDefault("test");
        return new(
            "Learning curves",
            "The loss is the mean of −ln of the probability that the model gives to the next character, in nats per "
            + $"character; lower is better. Where the {held} loss rises while the training loss falls, the model "
            + "overfits. Error bars are standard errors over words.",
            [
                new LineChart("Loss during training", Step, "loss, nats per character", LossCurves(metrics)),
                new LineChart("Learning rate", Step, "learning rate", RateCurve(metrics)),
                new LineChart(
                    "Gradient norm", Step, "norm of the whole gradient", [Curve("norm", metrics, entry => entry.GradientNorm)]),
            ]);
    }

    /// <summary>The losses on training words and on held-out words.</summary>
    internal static ImmutableArray<ChartLine> LossCurves(IReadOnlyList<Metrics> metrics) => metrics.Count == 0 ? [] :
    [
        Curve("training words", metrics, entry => entry.TrainLoss),
        new(
            $"{metrics[0].HeldOut} words",
            [.. metrics.Select(entry => new ChartPoint(entry.Step, entry.HeldOutLoss, entry.StandardError))]),
    ];

    /// <summary>The learning rate; empty if it was constant.</summary>
    private static ImmutableArray<ChartLine> RateCurve(IReadOnlyList<Metrics> metrics) =>
        metrics.DistinctBy(entry => entry.LearningRate).Count() < 2 ? [] : [Curve("rate", metrics, entry => entry.LearningRate)];

    private static ChartLine Curve(string name, IEnumerable<Metrics> entries, Func<Metrics, double> value) =>
        new(name, [.. entries.Select(entry => new ChartPoint(entry.Step, value(entry)))]);
}
