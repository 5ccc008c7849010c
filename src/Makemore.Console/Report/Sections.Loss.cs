namespace Makemore;

public static partial class Sections
{
    /// <summary>How a model learned: its losses at each evaluation, its learning rate where it changed, and how large the
    /// gradient was.</summary>
    /// <param name="metrics">The evaluations (<see cref="Metrics.Read"/>); of a step that was evaluated twice, because the run
    /// was resumed, the last counts.</param>
    public static Section Loss(IReadOnlyList<Metrics> metrics)
    {
        var entries = metrics.GroupBy(entry => entry.Step).Select(group => group.Last()).OrderBy(entry => entry.Step).ToArray();
        var held = entries.Select(entry => entry.HeldOut).FirstOrDefault("test");
        return new(
            "Learning",
            $"The loss is the mean of −ln of the probability that the model gave to the character that came, in nats a character; lower is "
            + $"better. Where the {held} loss rises while the training loss falls, the model learns its words by heart. Vertical lines are "
            + "standard errors over words.",
            [
                new LineChart("Loss on the way", Step, "loss, nats a character",
                [
                    Curve("training words", entries, entry => entry.TrainLoss),
                    new($"{held} words", [.. entries.Select(entry => new ChartPoint(entry.Step, entry.HeldOutLoss, entry.StandardError))]),
                ]),
                new LineChart(
                    "Learning rate", Step, "learning rate",
                    entries.DistinctBy(entry => entry.LearningRate).Count() > 1 ? [Curve("learning rate", entries, entry => entry.LearningRate)] : []),
                new LineChart("Gradient", Step, "norm of all gradients together", [Curve("norm", entries, entry => entry.GradientNorm)]),
            ]);
    }

    private static ChartLine Curve(string name, IEnumerable<Metrics> entries, Func<Metrics, double> value) =>
        new(name, [.. entries.Select(entry => new ChartPoint(entry.Step, value(entry)))]);
}
