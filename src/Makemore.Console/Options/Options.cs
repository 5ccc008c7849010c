namespace Makemore;

/// <summary>The options of a run. Each is declared once, here: its name, type, default, bounds and help text.</summary>
internal sealed record Options
{
    /// <summary>The <see cref="ReportWeights"/> of a report without a model.</summary>
    public const string NoWeights = "none";

    /// <summary>The maximum number of samples, which are all in memory.</summary>
    public const int MaxSamples = 1_000_000;

    [Option("the words to learn from, one per line", Alias = "-i", IsPath = true, IsFree = true)]
    public string InputFile { get; init; } = "";
    [Option(
        "a text to learn from instead of words: one stream, in which a line end is a token like others [default: none]", IsPath = true,
        IsFree = true)]
    public string? Text { get; init; }
    [Option(
        "maximum length of a word plus its end, or of a window [default: that of the longest word, or 64 of a text]", Min = 2,
        Max = Words.MaxLineLength)]
    public int? BlockSize { get; init; }
    [Option("percentages of training, validation and test words, such as 80/10/10 [default: 10 % test, at most 1000 words; of a text 90/5/5]")]
    public SplitShares? Split { get; init; }
    [Option(
        "what a token is: characters, bytes, or bpe:N, byte pairs learned from the training words, N tokens in all [default: characters]",
        IsOmittedIfUnset = true)]
    public TokenKind? Vocabulary { get; init; }
    [Option("keep only the first of identical words, in a file that fits --in-memory")]
    public bool Deduplicate { get; init; }
    [Option(
        "leave out words of more characters than this, in a file that fits --in-memory [default: none]", Min = 1, IsOmittedIfUnset = true)]
    public int? MaxWordLength { get; init; }
    [Option("learn lines of any length, such as documents, in windows of --block-size")]
    public bool Windows { get; init; }
    [Option("hold a words file of up to this many MiB in memory; index a larger one and read it from disk", Min = 0, IsFree = true)]
    public int InMemory { get; init; } = (int)(CorpusOptions.DefaultInMemory >> 20);
    [Option("random seed of everything but the split: initialization, batches, dropout, samples")]
    public int Seed { get; init; } = Key.DefaultSeed;
    [Option("random seed of the split into training, validation and test words, the same for every --seed")]
    public int SplitSeed { get; init; } = Key.DefaultSeed;
    [Option("compute engine: managed, or torch for libtorch", Choices = [Engines.Managed, Engines.Torch], IsFree = true)]
    public string Engine { get; init; } = Engines.Managed;
    [Option(
        "where --engine torch computes: cpu, cuda, cuda:N or mps [default: cpu]", Choices = ["cpu", "cuda", "cuda:N", "mps"],
        Pattern = "cpu|cuda|cuda:[0-9]{1,3}|mps", IsFree = true)]
    public string? Device { get; init; }
    [Option("maximum number of threads", Min = 1, Max = 1024, IsFree = true)]
    public int Threads { get; init; } = Math.Min(4, Environment.ProcessorCount);

    [Option("stop after this many steps, of one batch each", Group = OptionGroup.Training, Min = 0, IsFree = true)]
    public int MaxSteps { get; init; }
    [Option("stop after this many seconds of training [default: no limit]", Group = OptionGroup.Training, Min = 1, IsFree = true)]
    public int? MaxSeconds { get; init; }
    [Option("words per batch", Group = OptionGroup.Training, Alias = "-b", Min = 1)]
    public int BatchSize { get; init; }
    [Option("learning rate", Group = OptionGroup.Training, Alias = "-l", Min = 0)]
    public double LearningRate { get; init; }
    [Option("decoupled weight decay, times the learning rate", Group = OptionGroup.Training, Alias = "-w", Min = 0)]
    public double WeightDecay { get; init; }
    [Option("which parameters decay: all, or matrices only", Group = OptionGroup.Training, Choices = ["all", "matrices"])]
    public string Decay { get; init; } = "all";
    [Option(
        "adamw, muon (matrices; the rest by adamw), sgd, momentum, nesterov or lion", Group = OptionGroup.Training,
        Choices = ["adamw", "muon", "sgd", "momentum", "nesterov", "lion"])]
    public string Optimizer { get; init; } = "adamw";
    [Option(
        "learning-rate schedule: constant, cosine, step (a tenth every third) or one-cycle", Group = OptionGroup.Training,
        Choices = ["constant", "cosine", "step", "one-cycle"])]
    public string Schedule { get; init; } = "constant";
    [Option("length of the schedule in steps [default: the first run's --max-steps]", Group = OptionGroup.Training, Min = 1)]
    public int? ScheduleSteps { get; init; }
    [Option("updates of linear warmup; without --accumulate every step is an update", Group = OptionGroup.Training, Min = 0)]
    public int Warmup { get; init; }
    [Option("maximum norm of the gradient; 0 for no clipping", Group = OptionGroup.Training, Min = 0)]
    public double GradClip { get; init; }
    [Option("steps per update of the parameters, which takes the mean gradient of their batches", Group = OptionGroup.Training, Min = 1)]
    public int Accumulate { get; init; } = 1;
    [Option(
        "decay of a moving average of the parameters, which is saved instead of them; 0 for none", Group = OptionGroup.Training,
        Min = 0, Max = 0.999999)]
    public double Ema { get; init; }
    [Option(
        "label smoothing: fraction of each target that is spread over all characters", Group = OptionGroup.Training, Min = 0,
        Max = 0.99)]
    public double LabelSmoothing { get; init; }
    [Option("steps between evaluations", Group = OptionGroup.Training, Min = 1)]
    public int EvalEvery { get; init; } = 500;
    [Option(
        "steps between checkpoints, besides those at evaluations; 0 for none", Group = OptionGroup.Training, Min = 0, IsFree = true)]
    public int SaveEvery { get; init; }
    [Option("stop after this many evaluations without improvement; 0 for never", Group = OptionGroup.Training, Min = 0)]
    public int Patience { get; init; }
    [Option(
        "begin with the parameters of a saved model: a work dir or a model file [default: fresh ones]", Group = OptionGroup.Training,
        IsPath = true)]
    public string? From { get; init; }
    [Option(
        "train on all processes that mpirun started; each takes an equal share of the parts of a batch", Group = OptionGroup.Training,
        IsFree = true)]
    public bool Distributed { get; init; }
    [Option(
        "divide each batch into this many parts, whose gradients are summed in a fixed order, so that any number of processes that "
        + "divides it gives the same bits [default: none; 4 with --distributed]",
        Group = OptionGroup.Training, Min = 1, Max = 1024, IsOmittedIfUnset = true)]
    public int? Parts { get; init; }
    [Option("resume the run in the work dir", Group = OptionGroup.Training, IsFree = true)]
    public bool Resume { get; init; }
    [Option(
        "inspect activations, gradients and updates every 100 steps, and flag problems at the end", Group = OptionGroup.Training,
        IsFree = true)]
    public bool Diagnose { get; init; }
    [Option("write an event file for TensorBoard to the work dir", Group = OptionGroup.Training, IsFree = true)]
    public bool Tensorboard { get; init; }
    [Option("sweep the learning rate from 1e-4 to 1, suggest one, and exit", Group = OptionGroup.Training, IsFree = true)]
    public bool FindLr { get; init; }
    [Option("compare the gradients with finite differences, and exit", Group = OptionGroup.Training, IsFree = true)]
    public bool CheckGradients { get; init; }
    [Option("check that the model can memorize one word, and exit", Group = OptionGroup.Training, IsFree = true)]
    public bool OverfitBatch { get; init; }

    [Option(
        "context length: number of characters that the model sees [default: the block size]", Group = OptionGroup.Model, Min = 1,
        Max = Words.MaxLineLength)]
    public int? Context { get; init; }
    [Option("embedding size", Group = OptionGroup.Model, Min = 1)]
    public int NEmbd { get; init; }
    [Option("size of the hidden layer", Group = OptionGroup.Model, Min = 1)]
    public int NEmbd2 { get; init; }
    [Option("number of layers", Group = OptionGroup.Model, Min = 1)]
    public int NLayer { get; init; }
    [Option("number of attention heads", Group = OptionGroup.Model, Min = 1)]
    public int NHead { get; init; }
    [Option("dropout: fraction of activations that are dropped in training", Group = OptionGroup.Model, Min = 0, Max = 0.99)]
    public double Dropout { get; init; }

    [Option("folder for results", Group = OptionGroup.Output, Alias = "-o", IsPath = true, IsFree = true)]
    public string WorkDir { get; init; } = "";
    [Option(
        "number of earlier runs in the work dir to keep, as DIR~1 (the one before), DIR~2 and so on", Group = OptionGroup.Output,
        Min = 0, IsFree = true)]
    public int Keep { get; init; } = 9;
    [Option("sample from the saved model, and exit", Group = OptionGroup.Output, IsFree = true)]
    public bool SampleOnly { get; init; }
    [Option(
        "print the saved model's loss on the words in this file, and exit [default: none]", Group = OptionGroup.Output, IsPath = true,
        IsFree = true)]
    public string? Evaluate { get; init; }
    [Option(
        "write the saved model to this ONNX file, for other programs to run, and exit [default: none]", Group = OptionGroup.Output,
        IsPath = true, IsFree = true)]
    public string? Export { get; init; }
    [Option(
        "show the activations of the saved model and what its attention heads do, or with --prompt what comes next and why, and exit",
        Group = OptionGroup.Output, IsFree = true)]
    public bool Lens { get; init; }
    [Option("with --lens and --prompt, the character to explain [default: the likeliest]", Group = OptionGroup.Output, IsFree = true)]
    public string? Target { get; init; }
    [Option("with --sample-only, show the probabilities behind each character", Group = OptionGroup.Output, IsFree = true)]
    public bool Explain { get; init; }
    [Option("with --sample-only or --evaluate, print JSON for other programs", Group = OptionGroup.Output, IsFree = true)]
    public bool Json { get; init; }
    [Option("number of samples to measure at the end; 0 for none", Group = OptionGroup.Output, Min = 0, Max = MaxSamples, IsFree = true)]
    public int ReportSamples { get; init; } = 10_000;
    [Option(
        "weights of the model that runs in the report: float16, float32 or none", Group = OptionGroup.Output,
        Choices = ["float16", "float32", NoWeights], IsFree = true)]
    public string ReportWeights { get; init; } = "float16";
    [Option("number of words to sample", Group = OptionGroup.Output, Min = 0, Max = MaxSamples, IsFree = true)]
    public int Num { get; init; } = 20;
    [Option("sampling temperature; 0 is greedy", Group = OptionGroup.Output, Min = 0, IsFree = true)]
    public double Temperature { get; init; } = 1;
    [Option("sample only from the k likeliest characters; -1 for all", Group = OptionGroup.Output, Min = -1, Except = 0, IsFree = true)]
    public int TopK { get; init; } = -1;
    [Option(
        "sample only from the likeliest characters whose probabilities add up to this", Group = OptionGroup.Output, Min = 0, Max = 1,
        IsFree = true)]
    public double TopP { get; init; } = 1;
    [Option("prefix of every sample [default: none]", Group = OptionGroup.Output, IsFree = true)]
    public string Prompt { get; init; } = "";
    [Option("file with the prefix of every sample [default: none]", Group = OptionGroup.Output, IsPath = true, IsFree = true)]
    public string? PromptFile { get; init; }
    [Option("number of tokens to sample from a model of a text", Group = OptionGroup.Output, Min = 0, IsFree = true)]
    public int NumTokens { get; init; } = 500;
    [Option(
        "cut samples off after this many characters [default: the block size less 1]", Group = OptionGroup.Output, Min = 1,
        Max = Words.MaxLineLength, IsFree = true)]
    public int? MaxLength { get; init; }

    /// <summary>Whether the run uses the saved model instead of training.</summary>
    public bool IsAboutSaved => SampleOnly || Lens || Evaluate is not null || Export is not null;

    /// <summary>Whether the model is checked instead of trained.</summary>
    public bool IsCheck => FindLr || CheckGradients || OverfitBatch;

    /// <summary>The number of parts of a batch where --distributed asks for parts and nothing says how many.</summary>
    public const int DefaultParts = 4;

    /// <summary>The length of the learning-rate schedule in batches.</summary>
    public int ScheduleLength => ScheduleSteps ?? MaxSteps;
}
