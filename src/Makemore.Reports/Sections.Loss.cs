using System.Collections.Immutable;

namespace Makemore;

public static partial class Sections
{
    /// <summary>How a model learned: its losses, its learning rate if it changed, and the norm of the gradient.</summary>
    public static Section Loss(LearningCurves curves)
    {
        Metrics[] stepped = [.. curves.Evaluations.Where(entry => entry.Step > 0)];
        var held = stepped.Select(entry => entry.HeldOut).FirstOrDefault("test");
        return new(
            "Learning curves",
            "The loss is the mean of −ln of the probability that the model gives to the next token, in nats per "
            + $"token; lower is better. Where the {held} loss rises while the training loss falls, the model "
            + "overfits. A good initialization begins near the loss of a uniform guess. Error bars are standard errors over words.",
            [
                new LineChart("Loss during training", Step, "loss, nats per token", curves.Losses),
                new LineChart("Learning rate", Step, "learning rate", RateCurve(stepped)),
                new LineChart(
                    "Gradient norm", Step, "norm of the whole gradient", [Curve("norm", stepped, entry => entry.GradientNorm)]),
            ]);
    }

    /// <summary>The learning rate; empty if it was constant.</summary>
    private static ImmutableArray<ChartLine> RateCurve(IReadOnlyList<Metrics> metrics) =>
        metrics.DistinctBy(entry => entry.LearningRate).Count() < 2 ? [] : [Curve("rate", metrics, entry => entry.LearningRate)];

    private static ChartLine Curve(string name, IEnumerable<Metrics> entries, Func<Metrics, double?> value) =>
        new(name, [.. entries.Select(entry => new ChartPoint(entry.Step, value(entry) ?? double.NaN))]);
}
