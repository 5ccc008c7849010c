namespace Makemore;

/// <summary>The options of sweep.csx.</summary>
internal sealed record SweepOptions
{
    [Option("number of seeds for each setting: 1, 2, 3 and so on, unless --seed lists them", Min = 1, Max = Sweep.MaxRuns)]
    public int Seeds { get; init; } = 3;
    [Option("draw this many settings from the lists and from ranges such as 1e-4..1e-2; 0 for every setting", Min = 0, Max = Sweep.MaxRuns)]
    public int Random { get; init; }
    [Option("number of runs at a time [default: the number of cores]", Min = 1, Max = 1024)]
    public int? Jobs { get; init; }
    [Option("number of samples to measure per run; 0 for none", Min = 0, Max = Options.MaxSamples)]
    public int Samples { get; init; }
    [Option("folder for results, and for the runs", Alias = "-o", IsPath = true)]
    public string WorkDir { get; init; } = Path.Combine("out", "sweep");
}
