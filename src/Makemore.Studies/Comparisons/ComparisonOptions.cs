namespace Makemore;

/// <summary>The options of compare.csx.</summary>
internal sealed record ComparisonOptions
{
    [Option("train the whole ladder first, an equal share of the time each")]
    public bool Train { get; init; }
    [Option("minutes that --train trains, all models together; evaluation takes a few more", Min = 0)]
    public double Minutes { get; init; } = 10;
    [Option("start scripts of runs even if they are not in the project's tree, or have changed since")]
    public bool Trust { get; init; }
    [Option("the words that --train learns from, or where the runs' words are now [default: the project's names]", Alias = "-i", IsPath = true)]
    public string? InputFile { get; init; }
    [Option("the run that all others are compared with [default: the run above each]", IsPath = true)]
    public string? Against { get; init; }
    [Option("number of samples to measure per run; 0 for none", Min = 0, Max = Options.MaxSamples)]
    public int Samples { get; init; } = 10_000;
    [Option("random seed of the noise floors and of the permutation tests")]
    public int Seed { get; init; } = Key.DefaultSeed;
    [Option("folder for results, and for the runs of --train", Alias = "-o", IsPath = true)]
    public string WorkDir { get; init; } = Path.Combine("out", "compare");
}
