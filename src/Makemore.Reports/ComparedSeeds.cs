namespace Makemore;

/// <summary>Runs of one script with the same options on the same words, that differ in their seed alone.</summary>
/// <param name="Folders">Their work dirs.</param>
/// <param name="Mean">The mean of their test losses, in nats per token.</param>
/// <param name="Deviation">The standard deviation of their test losses: how much a result depends on the seed.</param>
/// <param name="Lowest">The lowest test loss.</param>
/// <param name="Highest">The highest test loss.</param>
public sealed record ComparedSeeds(IReadOnlyList<string> Folders, double Mean, double Deviation, double Lowest, double Highest)
{
    /// <summary>The mean and the spread of the test losses of some runs, at least two.</summary>
    public static ComparedSeeds Of(IReadOnlyList<ComparedRun> runs)
    {
        double[] losses = [.. runs.Select(run => run.Test.Nats)];
        var mean = losses.Average();
        return new(
            [.. runs.Select(run => run.Folder)], mean,
            Math.Sqrt(losses.Sum(loss => (loss - mean) * (loss - mean)) / (losses.Length - 1)), losses.Min(), losses.Max());
    }
}
