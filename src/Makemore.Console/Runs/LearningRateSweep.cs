using System.Globalization;

namespace Makemore;

/// <summary>--find-lr: a few steps while the learning rate grows from 10⁻⁴ to 1.</summary>
/// <remarks>Smith: "Cyclical learning rates", 2017, section 3.3.</remarks>
internal static class LearningRateSweep
{
    private const int Steps = 240, Columns = 61;
    private const double From = -4, To = 0;

    /// <summary>Plots the loss against the rate, and suggests a tenth of the rate of the lowest loss: high enough to learn
    /// fast, with room before it diverges.</summary>
    public static void Show<P>(RunContext run, P p, Learning<P> learning)
    {
        var optimizer = run.Options.ToDirection(1, RateAt);
        var losses = Training
            .Scan(
                learning.Step, TrainState<P>.Start(p, optimizer),
                run.Batches(run.Corpus.Train, run.Options.BatchSize).Ahead(run.KeyFor(Purpose.Batches)), run.KeyFor(Purpose.Steps))
            .Take(Steps).Select(result => (double)result.Loss.Item()).TakeWhile(double.IsFinite).ToArray();
        if (losses.Length == 0)
        {
            run.Reporter.Say("rate: the first loss is not finite already; look at the model with --check-gradients");
            return;
        }
        var smooth = losses.Select((_, i) => losses[Math.Max(0, i - 6)..Math.Min(losses.Length, i + 7)].Average()).ToArray();
        var best = Array.IndexOf(smooth, smooth.Min());
        var ceiling = smooth[0] + (smooth[0] - smooth[best]);
        var columns = Enumerable.Range(0, Columns)
            .Select(column => column * (Steps - 1) / (Columns - 1))
            .Select(i => i < smooth.Length && smooth[i] <= ceiling ? smooth[i] : double.NaN);
        foreach (var line in TextPlot.Lines([.. columns], ["1e-4", "1e-3", "1e-2", "1e-1", "1"]))
            run.Reporter.Say(line);
        run.Reporter.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"rate: the loss is lowest at {RateAt(best):0.0e+0}; try --learning-rate {RateAt(best) / 10:0.0e+0}"));
    }

    private static double RateAt(long step) => Math.Pow(10, From + ((To - From) * step / (Steps - 1)));
}
