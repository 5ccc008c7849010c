using static Makemore.OptionEntries<Makemore.ComparisonOptions>;

namespace Makemore;

/// <summary>The options of compare.csx, typed.</summary>
internal sealed record ComparisonOptions
{
    /// <summary>The options by name.</summary>
    public static readonly OptionEntry<ComparisonOptions>[] Entries =
    [
        Flag("--train", o => o.Train, (o, value) => o with { Train = value }, "train the whole ladder first, an equal share of the time each"),
        Real(
            "--minutes", 0, o => o.Minutes, (o, value) => o with { Minutes = value },
            "how long --train trains, all models together; measuring them takes a few minutes more"),
        Text(
            "--input-file", o => o.InputFile, (o, value) => o with { InputFile = value },
            "the words that --train learns from [default: the names that come with the project]", "-i"),
        Whole(
            "--samples", 0, o => o.Samples, (o, value) => o with { Samples = value },
            "number of samples of each run that are measured; 0 for none"),
        Whole("--seed", int.MinValue, o => o.Seed, (o, value) => o with { Seed = value }, "seed of the bootstraps"),
        Text(
            "--work-dir", o => o.WorkDir, (o, value) => o with { WorkDir = value },
            "the folder for what is found, and for what --train trains", "-o"),
    ];

    /// <summary>Whether the ladder is trained first.</summary>
    public bool Train { get; init; }

    /// <summary>For how long, all models together.</summary>
    public double Minutes { get; init; } = 10;

    /// <summary>On which words.</summary>
    public string? InputFile { get; init; }

    /// <summary>How many samples of each run are measured.</summary>
    public int Samples { get; init; } = 10_000;

    /// <summary>The seed of the bootstraps.</summary>
    public int Seed { get; init; } = 3407;

    /// <summary>The folder for results.</summary>
    public string WorkDir { get; init; } = Path.Combine("out", "compare");
}
