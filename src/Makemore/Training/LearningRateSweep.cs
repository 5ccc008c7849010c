namespace Makemore;

/// <summary>A learning-rate range test: the loss while the learning rate grows from 10⁻⁴ to 1, one rate per step.</summary>
/// <remarks>Smith: "Cyclical learning rates", 2017, section 3.3.</remarks>
/// <param name="Losses">The loss at each rate, smoothed over 13 steps; fewer than <see cref="Steps"/> if it became
/// infinite or NaN.</param>
public sealed record LearningRateSweep(IReadOnlyList<double> Losses)
{
    /// <summary>The number of steps.</summary>
    public const int Steps = 240;

    private const double From = -4, To = 0, Ln10 = 2.302585092994045684;
    private const int Smoothed = 6;

    /// <summary>Sweeps the learning rate.</summary>
    /// <param name="step">One training step.</param>
    /// <param name="p">The initial parameters.</param>
    /// <param name="optimizer">The optimizer at a learning rate of 1 times a schedule.</param>
    /// <param name="batches">The batch of each step.</param>
    /// <param name="key">The randomness of the steps.</param>
    public static LearningRateSweep Of<P>(
        TrainStep<P> step, P p, Func<Schedule, Transform> optimizer, Func<long, Batch> batches, Key key)
    {
        var losses = Training.Scan(step, TrainState<P>.Start(p, optimizer(RateAt)), batches, key)
            .Take(Steps).Select(result => (double)result.Loss.Item()).TakeWhile(double.IsFinite).ToArray();
        return new([.. losses.Select((_, i) =>
            losses[Math.Max(0, i - Smoothed)..Math.Min(losses.Length, i + Smoothed + 1)].Average())]);
    }

    /// <summary>The learning rate at a step.</summary>
    public static double RateAt(long step) => DoubleFunctions.Exp(Ln10 * (From + ((To - From) * step / (Steps - 1))));

    /// <summary>The rate of the lowest loss.</summary>
    public double Lowest => RateAt(Losses.Index().MinBy(pair => pair.Item).Index);

    /// <summary>A tenth of the rate of the lowest loss: high enough to learn fast, with room before it diverges.</summary>
    public double Suggested => Lowest / 10;
}
