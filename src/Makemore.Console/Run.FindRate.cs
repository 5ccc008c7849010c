using System.Globalization;

namespace Makemore;

public sealed partial class Run
{
    private const int SweepSteps = 240;
    private const int SweepColumns = 61;
    private const double SweepFrom = -4, SweepTo = 0;

    /// <summary>
    /// Trains a few steps while the rate grows from 10⁻⁴ to 1, and shows what that does to the loss: Smith: "Cyclical
    /// learning rates", 2017, section 3.3. It suggests a tenth of the rate of the lowest loss: high enough to learn fast,
    /// and with room before it goes wrong.
    /// </summary>
    private void FindRate<P, C>(Model<P, C> model, P p)
    {
        var optimizer = Direction(1, step => RateAt(step));
        var losses = Training
            .Scan(model, optimizer, TrainState<P>.Start(p, optimizer), BatchAt, KeyFor(Purpose.Steps))
            .Skip(1).Take(SweepSteps).TakeWhile(state => float.IsFinite(state.Loss) && !_isInterrupted)
            .Select(state => (double)state.Loss).ToArray();
        var smooth = losses.Select((_, i) => losses[Math.Max(0, i - 6)..Math.Min(losses.Length, i + 7)].Average()).ToArray();
        if (smooth.Length == 0)
        {
            Say("rate: the first loss is not a number already; look at the model with --check-gradients");
            return;
        }
        var best = Array.IndexOf(smooth, smooth.Min());
        var ceiling = smooth[0] + (smooth[0] - smooth[best]);
        var columns = Enumerable.Range(0, SweepColumns)
            .Select(column => column * (SweepSteps - 1) / (SweepColumns - 1))
            .Select(i => i < smooth.Length && smooth[i] <= ceiling ? smooth[i] : double.NaN);
        foreach (var line in TextPlot.Lines([.. columns], ["1e-4", "1e-3", "1e-2", "1e-1", "1"]))
            Say(line);
        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"rate: the loss is lowest at {RateAt(best):0.0e+0}; try --learning-rate {RateAt(best) / 10:0.0e+0}"));
    }

    private static double RateAt(long step) =>
        Math.Pow(10, SweepFrom + ((SweepTo - SweepFrom) * step / (SweepSteps - 1)));
}
