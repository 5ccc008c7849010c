using System.Collections.Immutable;

namespace Makemore;

/// <summary>The options of a run, typed; <see cref="Option"/> says how each is called and what it does.</summary>
public sealed record Options
{
    /// <summary>The words to learn from.</summary>
    public string InputFile { get; init; } = "";

    /// <summary>The maximum length of a sequence; by default the longest word's.</summary>
    public int? BlockSize { get; init; }

    /// <summary>The shares of training, validation and test words.</summary>
    public SplitShares? Split { get; init; }

    /// <summary>Whether only the first of equal words is kept.</summary>
    public bool Deduplicate { get; init; }

    /// <summary>Whether lines are documents, learned window by window.</summary>
    public bool Windows { get; init; }

    /// <summary>The largest words file that is held in memory, in MiB.</summary>
    public int InMemory { get; init; } = (int)(CorpusOptions.DefaultInMemory >> 20);

    /// <summary>The seed of everything random.</summary>
    public int Seed { get; init; } = 3407;

    /// <summary>The engine's name.</summary>
    public string Engine { get; init; } = Engines.Managed;

    /// <summary>Where the torch engine computes.</summary>
    public string? Device { get; init; }

    /// <summary>The maximum number of threads.</summary>
    public int Threads { get; init; } = Math.Min(4, Environment.ProcessorCount);

    /// <summary>How far back the model looks, in characters; by default the block size.</summary>
    public int? Context { get; init; }

    /// <summary>The size of a character's vector.</summary>
    public int NEmbd { get; init; }

    /// <summary>The size of the hidden layer.</summary>
    public int NEmbd2 { get; init; }

    /// <summary>The number of layers.</summary>
    public int NLayer { get; init; }

    /// <summary>The number of attention heads.</summary>
    public int NHead { get; init; }

    /// <summary>The share of elements that dropout drops in training.</summary>
    public double Dropout { get; init; }

    /// <summary>The run stops after this many steps.</summary>
    public int MaxSteps { get; init; }

    /// <summary>The run stops after this many seconds.</summary>
    public int? MaxSeconds { get; init; }

    /// <summary>Words per batch.</summary>
    public int BatchSize { get; init; }

    /// <summary>The learning rate.</summary>
    public double LearningRate { get; init; }

    /// <summary>The weight decay.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Which parameters decay: all or matrices.</summary>
    public string Decay { get; init; } = "all";

    /// <summary>The optimizer's name.</summary>
    public string Optimizer { get; init; } = "adamw";

    /// <summary>The learning-rate schedule's name.</summary>
    public string Schedule { get; init; } = "constant";

    /// <summary>The length of the schedule in steps; by default that of the first run.</summary>
    public int? ScheduleSteps { get; init; }

    /// <summary>Warmup steps.</summary>
    public int Warmup { get; init; }

    /// <summary>The maximum norm of the gradient; 0 for any.</summary>
    public double GradClip { get; init; }

    /// <summary>Batches per optimizer step.</summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>The decay of the running mean of the parameters; 0 for none.</summary>
    public double Ema { get; init; }

    /// <summary>The share of each target that is spread over all characters.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Steps between evaluations.</summary>
    public int EvalEvery { get; init; } = 500;

    /// <summary>Steps between checkpoints, besides those at evaluations; 0 for none.</summary>
    public int SaveEvery { get; init; }

    /// <summary>The run stops after this many evaluations without a better one; 0 for never.</summary>
    public int Patience { get; init; }

    /// <summary>Whether the saved run is resumed.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether the run is inspected every 100 steps.</summary>
    public bool Diagnose { get; init; }

    /// <summary>Whether to sweep the learning rate instead of training.</summary>
    public bool FindLr { get; init; }

    /// <summary>Whether to check the gradients instead of training.</summary>
    public bool CheckGradients { get; init; }

    /// <summary>Whether to overfit one word instead of training.</summary>
    public bool OverfitBatch { get; init; }

    /// <summary>The folder for results.</summary>
    public string WorkDir { get; init; } = "";

    /// <summary>Whether to sample from the saved model instead of training.</summary>
    public bool SampleOnly { get; init; }

    /// <summary>The words to evaluate the saved model on instead of training.</summary>
    public string? Evaluate { get; init; }

    /// <summary>Whether samples come with the probabilities of their characters.</summary>
    public bool Explain { get; init; }

    /// <summary>Whether the answer is JSON, for other programs.</summary>
    public bool Json { get; init; }

    /// <summary>How many samples are measured at the end of a run.</summary>
    public int ReportSamples { get; init; } = 10_000;

    /// <summary>How many words are sampled.</summary>
    public int Num { get; init; } = 20;

    /// <summary>The sampling temperature; 0 is greedy.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Only this many of the likeliest characters are sampled from; −1 for all.</summary>
    public int TopK { get; init; } = -1;

    /// <summary>Only the likeliest characters with this probability together are sampled from.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>The beginning of every sample.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>The maximum length of a sample; by default what a block holds.</summary>
    public int? MaxLength { get; init; }

    /// <summary>The values of a script's own options.</summary>
    internal ImmutableDictionary<string, object?> Own { get; init; } = ImmutableDictionary<string, object?>.Empty;

    /// <summary>Whether something is asked of the saved model.</summary>
    internal bool IsAboutSaved => SampleOnly || Evaluate is not null;

    /// <summary>Whether the model is checked instead of trained.</summary>
    internal bool IsCheck => FindLr || CheckGradients || OverfitBatch;

    /// <summary>The length of the learning-rate schedule in batches.</summary>
    internal int ScheduleLength => ScheduleSteps ?? MaxSteps;
}
