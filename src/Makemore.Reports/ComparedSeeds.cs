namespace Makemore;

/// <summary>Runs of one script with the same options on the same words, that differ in their seed alone.</summary>
/// <param name="Setting">What they have in common: the options that a sweep varies, or else their work dirs.</param>
/// <param name="Folders">Their work dirs.</param>
/// <param name="Parameters">The number of parameters.</param>
/// <param name="Seconds">The mean time of their training steps, in seconds; null for a model that is counted.</param>
/// <param name="Mean">The mean of their test losses, in nats per token.</param>
/// <param name="Deviation">The standard deviation of their test losses: how much a result depends on the seed; NaN for one
/// seed.</param>
/// <param name="Lowest">The lowest test loss.</param>
/// <param name="Highest">The highest test loss.</param>
/// <param name="Difference">The difference from the setting with the lowest mean, corrected for the number of comparisons; null for
/// that one itself.</param>
public sealed record ComparedSeeds(
    string Setting, IReadOnlyList<string> Folders, long Parameters, double? Seconds, double Mean, double Deviation, double Lowest,
    double Highest, SeedsTest? Difference)
{
    /// <summary>The mean and the spread of the test losses of some runs.</summary>
    public static ComparedSeeds Of(string setting, IReadOnlyList<ComparedRun> runs, SeedsTest? difference)
    {
        double[] losses = [.. runs.Select(run => run.Test.Nats)];
        var mean = losses.Average();
        return new(
            setting, [.. runs.Select(run => run.Folder)], runs[0].Parameters, runs.Average(run => run.Seconds), mean,
            Math.Sqrt(losses.Sum(loss => (loss - mean) * (loss - mean)) / (losses.Length - 1)), losses.Min(), losses.Max(), difference);
    }
}
