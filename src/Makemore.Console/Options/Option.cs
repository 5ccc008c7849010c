using System.Collections.Immutable;
using System.Text.RegularExpressions;
using LanguageExt;
using static Makemore.OptionEntries<Makemore.Options>;

namespace Makemore;

/// <summary>An option that a script offers, or several that belong together.</summary>
public partial record Option
{
    private protected Option(Options? defaults, params ImmutableArray<OptionEntry<Options>> entries) =>
        (Defaults, Entries) = (defaults ?? new(), entries);

    /// <summary>The default values of these options.</summary>
    internal Options Defaults { get; }

    /// <summary>The options.</summary>
    internal ImmutableArray<OptionEntry<Options>> Entries { get; }

    /// <summary>The options of training by gradient descent, with makemore.py's defaults.</summary>
    public static Option Training(
        int maxSteps = 5000, double learningRate = 5e-4, double weightDecay = 0.01, int batchSize = 32,
        string schedule = "constant", int warmup = 0) => new(
        new()
        {
            MaxSteps = maxSteps, LearningRate = learningRate, WeightDecay = weightDecay, BatchSize = batchSize,
            Schedule = schedule, Warmup = warmup,
        },
        [
            .. Free(
                Whole("--max-steps", 0, o => o.MaxSteps, (o, value) => o with { MaxSteps = value }, "stop after this many steps"),
                Whole(
                    "--max-seconds", 1, o => o.MaxSeconds, (o, value) => o with { MaxSeconds = value },
                    "stop after this many seconds of training [default: no limit]")),
            Whole(
                "--batch-size", 1, o => o.BatchSize, (o, value) => o with { BatchSize = value }, "words per batch",
                aliases: "-b"),
            Real(
                "--learning-rate", 0, o => o.LearningRate, (o, value) => o with { LearningRate = value }, "learning rate",
                aliases: "-l"),
            Real(
                "--weight-decay", 0, o => o.WeightDecay, (o, value) => o with { WeightDecay = value },
                "decoupled weight decay, times the learning rate", aliases: "-w"),
            Choice(
                "--decay", o => o.Decay, (o, value) => o with { Decay = value },
                "which parameters decay: all, or matrices only", "all", "matrices"),
            Choice(
                "--optimizer", o => o.Optimizer, (o, value) => o with { Optimizer = value },
                "adamw, sgd, momentum, nesterov or lion", "adamw", "sgd", "momentum", "nesterov", "lion"),
            Choice(
                "--schedule", o => o.Schedule, (o, value) => o with { Schedule = value },
                "learning-rate schedule: constant, cosine, step (a tenth every third) or one-cycle",
                "constant", "cosine", "step", "one-cycle"),
            Whole(
                "--schedule-steps", 1, o => o.ScheduleSteps, (o, value) => o with { ScheduleSteps = value },
                "length of the schedule [default: the first run's --max-steps]"),
            Whole("--warmup", 0, o => o.Warmup, (o, value) => o with { Warmup = value }, "steps of linear warmup"),
            Real(
                "--grad-clip", 0, o => o.GradClip, (o, value) => o with { GradClip = value },
                "maximum norm of the gradient; 0 for no clipping"),
            Whole(
                "--accumulate", 1, o => o.Accumulate, (o, value) => o with { Accumulate = value },
                "batches per optimizer step, which takes their mean gradient"),
            Real(
                "--ema", 0, o => o.Ema, (o, value) => o with { Ema = value },
                "decay of a running mean of the parameters, which is kept instead of them; 0 for none", high: 0.999999),
            Real(
                "--label-smoothing", 0, o => o.LabelSmoothing, (o, value) => o with { LabelSmoothing = value },
                "share of each target that is spread over all characters", high: 0.99),
            Whole("--eval-every", 1, o => o.EvalEvery, (o, value) => o with { EvalEvery = value }, "steps between evaluations"),
            .. Free(Whole(
                "--save-every", 0, o => o.SaveEvery, (o, value) => o with { SaveEvery = value },
                "steps between checkpoints, besides those at evaluations; 0 for none")),
            Whole(
                "--patience", 0, o => o.Patience, (o, value) => o with { Patience = value },
                "stop after this many evaluations without improvement; 0 for never"),
            .. Free(
                Flag("--resume", o => o.Resume, (o, value) => o with { Resume = value }, "resume the run in the work dir"),
                Flag(
                    "--diagnose", o => o.Diagnose, (o, value) => o with { Diagnose = value },
                    "inspect activations, gradients and updates every 100 steps, and flag problems at the end"),
                Flag(
                    "--find-lr", o => o.FindLr, (o, value) => o with { FindLr = value },
                    "sweep the learning rate from 1e-4 to 1, suggest one, and exit"),
                Flag(
                    "--check-gradients", o => o.CheckGradients, (o, value) => o with { CheckGradients = value },
                    "compare the gradients with finite differences, and exit"),
                Flag(
                    "--overfit-batch", o => o.OverfitBatch, (o, value) => o with { OverfitBatch = value },
                    "check that the model can memorize one word, and exit")),
        ]);

    /// <summary>Dropout, for models that have a place for it.</summary>
    public static Option Dropout() => new(null, Real(
        "--dropout", 0, o => o.Dropout, (o, value) => o with { Dropout = value },
        "share of activations that are dropped in training", high: 0.99));

    /// <summary>The size of a character's vector.</summary>
    public static Option NEmbd(int standard) => new(
        new() { NEmbd = standard },
        Whole("--n-embd", 1, o => o.NEmbd, (o, value) => o with { NEmbd = value }, "size of a character's vector"));

    /// <summary>The size of the hidden layer.</summary>
    public static Option NEmbd2(int standard) => new(
        new() { NEmbd2 = standard },
        Whole("--n-embd2", 1, o => o.NEmbd2, (o, value) => o with { NEmbd2 = value }, "size of the hidden layer"));

    /// <summary>The number of layers.</summary>
    public static Option NLayer(int standard) => new(
        new() { NLayer = standard },
        Whole("--n-layer", 1, o => o.NLayer, (o, value) => o with { NLayer = value }, "number of layers"));

    /// <summary>The number of attention heads.</summary>
    public static Option NHead(int standard) => new(
        new() { NHead = standard },
        Whole("--n-head", 1, o => o.NHead, (o, value) => o with { NHead = value }, "number of attention heads"));

    /// <summary>How many characters the model sees; by default the whole block.</summary>
    public static Option Context(int? standard = null) => new(
        new() { Context = standard },
        Whole(
            "--context", 1, o => o.Context, (o, value) => o with { Context = value },
            $"how many characters the model sees{(standard is null ? " [default: the block size]" : "")}"));

    /// <summary>A whole number of the script's own, at least <paramref name="low"/>.</summary>
    public static Option<int> Number(string name, int standard, string help, int low = 1) =>
        new(name, standard, Whole(name, low, Get<int>(name), Set<int>(name), help));

    /// <summary>A number of the script's own, at least <paramref name="low"/>.</summary>
    public static Option<double> Number(string name, double standard, string help, double low = 0) =>
        new(name, standard, Real(name, low, Get<double>(name), Set<double>(name), help));

    /// <summary>A number of the script's own that is absent unless given.</summary>
    public static Option<double?> MaybeNumber(string name, string help, double low = 0) =>
        new(name, null, Real(name, low, Get<double>(name), Set<double>(name), help));

    /// <summary>A switch of the script's own.</summary>
    public static Option<bool> Switch(string name, string help) =>
        new(name, false, Flag(name, o => Get<bool>(name)(o) == true, Set<bool>(name), help));

    /// <summary>What every script has: the words and how they are split.</summary>
    internal static Option Data(string words) => new(
        new() { InputFile = words },
        [
            .. Free(Text(
                "--input-file", o => o.InputFile, (o, value) => o with { InputFile = value },
                "the words to learn from, one per line", "-i")),
            Whole(
                "--block-size", 2, o => o.BlockSize, (o, value) => o with { BlockSize = value },
                "maximum length of a word plus its end, or of a window [default: the longest word's]"),
            Of<SplitShares?, SplitShares>(
                "--split", o => o.Split, (o, value) => o with { Split = value }, SplitShares.Parse,
                "shares of training, validation and test words, such as 80/10/10 [default: 10 % test, at most 1000 words]"),
            Flag(
                "--deduplicate", o => o.Deduplicate, (o, value) => o with { Deduplicate = value },
                "keep only the first of equal words, in a file that fits --in-memory"),
            Flag(
                "--windows", o => o.Windows, (o, value) => o with { Windows = value },
                "learn lines of any length, such as documents, in windows of --block-size"),
            .. Free(Whole(
                "--in-memory", 0, o => o.InMemory, (o, value) => o with { InMemory = value },
                "hold a words file of up to this many MiB in memory; index a larger one and read it from disk")),
            Whole("--seed", int.MinValue, o => o.Seed, (o, value) => o with { Seed = value }, "seed of everything random"),
            .. Free(
                Choice(
                    "--engine", o => o.Engine, (o, value) => o with { Engine = value },
                    "what computes: managed, or torch for libtorch", [.. Engines.Names]),
                Of<string?, string>(
                    "--device", o => o.Device, (o, value) => o with { Device = value }, ReadDevice,
                    "where --engine torch computes: cpu, cuda, cuda:N or mps [default: cpu]"),
                Whole("--threads", 1, o => o.Threads, (o, value) => o with { Threads = value }, "maximum number of threads")),
        ]);

    /// <summary>What every script has: where results go, and samples.</summary>
    internal static Option Output(string name) => new(
        new() { WorkDir = $"out/{name}" },
        [
            .. Free(
                Text("--work-dir", o => o.WorkDir, (o, value) => o with { WorkDir = value }, "the folder for results", "-o"),
                Flag(
                    "--sample-only", o => o.SampleOnly, (o, value) => o with { SampleOnly = value },
                    "sample from the saved model, and exit"),
                Text(
                    "--evaluate", o => o.Evaluate, (o, value) => o with { Evaluate = value },
                    "print the saved model's loss on the words of this file, and exit [default: none]"),
                Flag(
                    "--explain", o => o.Explain, (o, value) => o with { Explain = value },
                    "with --sample-only, show the probabilities behind each character"),
                Flag(
                    "--json", o => o.Json, (o, value) => o with { Json = value },
                    "with --sample-only or --evaluate, print JSON for other programs"),
                Whole(
                    "--report-samples", 0, o => o.ReportSamples, (o, value) => o with { ReportSamples = value },
                    "number of samples that are measured at the end; 0 for none"),
                Whole("--num", 0, o => o.Num, (o, value) => o with { Num = value }, "number of words to sample"),
                Real(
                    "--temperature", 0, o => o.Temperature, (o, value) => o with { Temperature = value },
                    "sampling temperature; 0 is greedy"),
                Whole(
                    "--top-k", -1, o => o.TopK, (o, value) => o with { TopK = value },
                    "sample from the k likeliest characters only; -1 for all", except: 0),
                Real(
                    "--top-p", 0, o => o.TopP, (o, value) => o with { TopP = value },
                    "sample from the likeliest characters with this probability together", high: 1),
                Text("--prompt", o => o.Prompt, (o, value) => o with { Prompt = value }, "the beginning of every sample [default: nothing]"),
                Whole(
                    "--max-length", 1, o => o.MaxLength, (o, value) => o with { MaxLength = value },
                    "cut a sample after this many characters [default: what the block holds]")),
        ]);

    private static Func<Options, T?> Get<T>(string name)
        where T : struct => options => (T?)options.Own.GetValueOrDefault(name);

    private static Func<Options, T, Options> Set<T>(string name) =>
        (options, value) => options with { Own = options.Own.SetItem(name, value) };

    private static Either<Fault, string> ReadDevice(string text) =>
        Device().IsMatch(text) ? text : Fault.Of("give one of cpu, cuda, cuda:N, mps");

    [GeneratedRegex("^(cpu|cuda|cuda:[0-9]{1,3}|mps)$")]
    private static partial Regex Device();
}

/// <summary>An option of the script's own; <see cref="Run.Get"/> gives its value.</summary>
/// <typeparam name="T">The type of its value.</typeparam>
public sealed record Option<T> : Option
{
    internal Option(string name, T standard, OptionEntry<Options> entry)
        : base(new() { Own = ImmutableDictionary<string, object?>.Empty.Add(name, standard) }, entry) => Name = name;

    /// <summary>Its name.</summary>
    internal string Name { get; }
}
