using System.Collections.Immutable;

namespace Makemore;

public static partial class Sections
{
    /// <summary>How a model learned: its losses at each evaluation, its learning rate where it changed, and how large the
    /// gradient was.</summary>
    /// <param name="metrics">The evaluations, by step .</param>
    public static Section Loss(IReadOnlyList<Metrics> metrics)
    {
        var held = metrics.Select(entry => entry.HeldOut).FirstOrDefault("test");
        return new(
            "Learning",
            "The loss is the mean of −ln of the probability that the model gave to the character that came, in nats "
            + $"a character; lower is better. Where the {held} loss rises while the training loss falls, the model "
            + "learns its words by heart. Vertical lines are standard errors over words.",
            [
                new LineChart("Loss on the way", Step, "loss, nats a character", LossCurves(metrics)),
                new LineChart("Learning rate", Step, "learning rate", RateCurve(metrics)),
                new LineChart(
                    "Gradient", Step, "norm of all gradients together", [Curve("norm", metrics, entry => entry.GradientNorm)]),
            ]);
    }

    /// <summary>The losses on training words and on held-out ones; none where nothing was evaluated.</summary>
    internal static ImmutableArray<ChartLine> LossCurves(IReadOnlyList<Metrics> metrics) => metrics.Count == 0 ? [] :
    [
        Curve("training words", metrics, entry => entry.TrainLoss),
        new(
            $"{metrics[0].HeldOut} words",
            [.. metrics.Select(entry => new ChartPoint(entry.Step, entry.HeldOutLoss, entry.StandardError))]),
    ];

    /// <summary>The learning rate; none where it never changed.</summary>
    private static ImmutableArray<ChartLine> RateCurve(IReadOnlyList<Metrics> metrics) =>
        metrics.DistinctBy(entry => entry.LearningRate).Count() < 2 ? [] : [Curve("rate", metrics, entry => entry.LearningRate)];

    private static ChartLine Curve(string name, IEnumerable<Metrics> entries, Func<Metrics, double> value) =>
        new(name, [.. entries.Select(entry => new ChartPoint(entry.Step, value(entry)))]);
}
