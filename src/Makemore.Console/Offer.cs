using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Makemore;

/// <summary>An option that a script offers, or several that go together.</summary>
/// <param name="Options">The options.</param>
public sealed partial record Offer(params Option[] Options)
{
    private const string ContextHelp = "how many characters the model looks back on";

    /// <summary>What every script has: the words and how they are split.</summary>
    internal static Offer Data(string words) => new(
        Text("--input-file", words, "the words to learn from, one a line", "-i"),
        MaybeWhole("--block-size", "the greatest length of a word and its end, or of a window [default: the longest word's]", low: 2),
        Typed<SplitShares>(
            "--split", "shares of training, validation and test, as 80/10/10 [default: 10 % test, at most 1000 words]",
            SplitShares.Parse, []),
        Flag("--deduplicate", "keep only the first of equal words, in a file that fits --in-memory"),
        Flag("--windows", "learn lines of any length, as documents, window by window of --block-size"),
        Whole(
            "--in-memory", (int)(CorpusOptions.DefaultInMemory >> 20),
            "hold a words file of up to this many MiB in memory; index a larger one beside it, and read it where it is", low: 0),
        Whole("--seed", 3407, "the seed of everything random", low: int.MinValue),
        Among("--engine", Engines.Managed, "what computes: managed, or torch for libtorch", [.. Engines.Names]),
        Typed<string?>("--device", "where --engine torch computes: cpu, cuda, cuda:N or mps [default: cpu]", ReadDevice, []),
        Whole("--threads", Math.Min(4, Environment.ProcessorCount), "the greatest number of threads", low: 1));

    /// <summary>What every script has: where results go, and samples.</summary>
    internal static Offer Sampling(string name) => new(
        Text("--work-dir", $"out/{name}", "the folder for checkpoints", "-o"),
        Flag("--sample-only", "sample from the saved model and do nothing else"),
        MaybeText("--evaluate", "say the saved model's loss on the words of this file and do nothing else [default: none]"),
        Flag("--explain", "with --sample-only, show what the model thought would come at each character"),
        Flag("--json", "print what --sample-only or --evaluate find as JSON, for other programs"),
        Whole("--report-samples", 10_000, "how many words to sample for the figures at the end; 0 for none", low: 0),
        Whole("--num", 20, "how many words to sample", low: 0),
        Real("--temperature", 1, "logits are divided by it; 0 takes the likeliest character", low: 0),
        Whole("--top-k", -1, "sample from the k likeliest characters only; -1 for all", low: -1, except: 0),
        Real("--top-p", 1, "sample from the likeliest characters that make up this probability", low: 0, high: 1),
        Text("--prompt", "", "how every sampled word begins [default: nothing]"),
        MaybeWhole("--max-length", "cut a sampled word after this many characters [default: as many as the block holds]", low: 1));

    /// <summary>What compare.csx has.</summary>
    internal static Offer Comparing() => new(
        Flag("--train", "train the whole ladder first, an equal share of the time each"),
        Real("--minutes", 10, "how long --train trains, all models together; what it finds takes a few minutes more", low: 0),
        MaybeText("--input-file", "the words that --train learns from [default: the names that come with the project]", "-i"),
        Whole("--samples", 10_000, "how many words of each run are measured; 0 for none", low: 0),
        Whole("--seed", 3407, "the seed of the bootstraps", low: int.MinValue),
        Text("--work-dir", Path.Combine("out", "compare"), "the folder for what is found, and for what --train trains", "-o"));

    /// <summary>Training by gradient descent, with makemore.py's defaults.</summary>
    public static Offer Training(
        int maxSteps = 5000, double learningRate = 5e-4, double weightDecay = 0.01, int batchSize = 32,
        string schedule = "constant", int warmup = 0) => new(
        Whole("--max-steps", maxSteps, "stop after this many steps", low: 0),
        MaybeWhole("--max-seconds", "stop after this many seconds of training [default: no limit]", low: 1),
        Whole("--batch-size", batchSize, "words in a batch", low: 1, aliases: "-b"),
        Real("--learning-rate", learningRate, "the learning rate", low: 0, aliases: "-l"),
        Real("--weight-decay", weightDecay, "how much of the parameters a step takes off, times the rate", low: 0, aliases: "-w"),
        Among("--decay", "all", "which parameters decay: all, or matrices only", "all", "matrices"),
        Among("--optimizer", "adamw", "adamw, sgd, momentum, nesterov or lion", "adamw", "sgd", "momentum", "nesterov", "lion"),
        Among(
            "--schedule", schedule, "the rate's course: constant, cosine, step (a tenth every third) or one-cycle",
            "constant", "cosine", "step", "one-cycle"),
        MaybeWhole("--schedule-steps", "the length of the schedule [default: the first run's --max-steps]", low: 1),
        Whole("--warmup", warmup, "steps in which the rate rises to where its schedule begins", low: 0),
        Real("--grad-clip", 0, "the greatest norm of all gradients together; 0 for any", low: 0),
        Whole("--accumulate", 1, "take a step with the mean gradient of this many batches", low: 1),
        Real("--ema", 0, "keep a running mean of the parameters with this weight on its past; 0 for none", low: 0, high: 0.999999),
        Real("--label-smoothing", 0, "the share of each target that is spread over all characters", low: 0, high: 0.99),
        Whole("--eval-every", 500, "steps between evaluations", low: 1),
        Whole("--save-every", 0, "steps between checkpoints, besides those at evaluations; 0 for none", low: 0),
        Whole("--patience", 0, "stop after this many evaluations without a better one; 0 for never", low: 0),
        Flag("--resume", "go on from the state saved in the work dir"),
        Flag("--diagnose", "look at activations, gradients and updates every 100 steps, and say at the end what is unhealthy"),
        Flag("--find-lr", "sweep the learning rate from 1e-4 to 1, suggest one, and do nothing else"),
        Flag("--check-gradients", "hold the gradients against finite differences and do nothing else"),
        Flag("--overfit-batch", "see whether the model can learn one word by heart and do nothing else"));

    /// <summary>Dropout, for models that have a place for it.</summary>
    public static Offer Dropout() =>
        new(Real("--dropout", 0, "the share of elements that are dropped in training", low: 0, high: 0.99));

    /// <summary>The size of a character's vector.</summary>
    public static Offer NEmbd(int standard) => Number("--n-embd", standard, "the size of a character's vector");

    /// <summary>The size of the hidden layer.</summary>
    public static Offer NEmbd2(int standard) => Number("--n-embd2", standard, "the size of the hidden layer");

    /// <summary>The number of layers.</summary>
    public static Offer NLayer(int standard) => Number("--n-layer", standard, "the number of layers");

    /// <summary>The number of heads of attention.</summary>
    public static Offer NHead(int standard) => Number("--n-head", standard, "the number of heads of attention");

    /// <summary>How many characters the model looks back on; by default the whole block.</summary>
    public static Offer Context(int? standard = null) => new(standard is { } characters
        ? Typed<int?>("--context", ContextHelp, text => ReadWhole(text, 1, null).Map(value => (int?)value), [], characters)
        : MaybeWhole("--context", $"{ContextHelp} [default: the block size]", low: 1));

    /// <summary>A whole number of the script's own, at least <paramref name="low"/>.</summary>
    public static Offer Number(string name, int standard, string help, int low = 1) =>
        new(Whole(name, standard, help, low));

    /// <summary>A number of the script's own, at least <paramref name="low"/>.</summary>
    public static Offer Number(string name, double standard, string help, double low = 0) =>
        new(Real(name, standard, help, low));

    /// <summary>A number of the script's own that is absent unless given.</summary>
    public static Offer MaybeNumber(string name, string help, double low = 0) =>
        new(Typed<double?>(name, help, text => ReadReal(text, low, double.MaxValue).Map(value => (double?)value), []));

    /// <summary>A switch of the script's own.</summary>
    public static Offer Switch(string name, string help) => new(Flag(name, help));

    private static Option<bool> Flag(string name, string help) => new(name) { Description = help };

    private static Option<string> Text(string name, string standard, string help, params string[] aliases) =>
        new(name, aliases) { Description = help, DefaultValueFactory = _ => standard };

    private static Option<string?> MaybeText(string name, string help, params string[] aliases) =>
        new(name, aliases) { Description = help };

    private static Option<string> Among(string name, string standard, string help, params string[] choices) =>
        Typed(name, help, text => ReadChoice(text, choices), [], standard);

    private static Option<int> Whole(
        string name, int standard, string help, int low, int? except = null, params string[] aliases) =>
        Typed(name, help, text => ReadWhole(text, low, except), aliases, standard);

    private static Option<int?> MaybeWhole(string name, string help, int low) =>
        Typed<int?>(name, help, text => ReadWhole(text, low, null).Map(value => (int?)value), []);

    private static Option<double> Real(
        string name, double standard, string help, double low, double high = double.MaxValue, params string[] aliases) =>
        Typed(name, help, text => ReadReal(text, low, high), aliases, standard);

    private static Option<T> Typed<T>(
        string name, string help, Func<string, LanguageExt.Either<Fault, T>> read, string[] aliases, T? standard = default)
    {
        var option = new Option<T>(name, aliases) { Description = help, CustomParser = result => Parse(name, result, read) };
        if (standard is not null)
            option.DefaultValueFactory = _ => standard;
        return option;
    }

    private static T? Parse<T>(string name, ArgumentResult result, Func<string, LanguageExt.Either<Fault, T>> read) =>
        read(result.Tokens.Single().Value).MatchUnsafe<T?>(
            value => value,
            fault =>
            {
                result.AddError($"{name} {fault}");
                return default;
            });

    private static LanguageExt.Either<Fault, string> ReadChoice(string text, string[] choices) =>
        choices.Contains(text) ? text : Fault.Of($"{text}: give one of {string.Join(", ", choices)}");

    private static LanguageExt.Either<Fault, string?> ReadDevice(string text) => Device().IsMatch(text)
        ? LanguageExt.Prelude.Right<Fault, string?>(text)
        : Fault.Of($"{text}: give one of cpu, cuda, cuda:N, mps");

    private static LanguageExt.Either<Fault, int> ReadWhole(string text, int low, int? except) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        && value >= low && value != except
            ? value
            : Fault.Of($"{text}: give a whole number of {low} or more{(except is null ? "" : $", but not {except}")}");

    private static LanguageExt.Either<Fault, double> ReadReal(string text, double low, double high) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && value >= low && value <= high
            ? value
            : Fault.Of($"{text}: give a number of {low} or more{(high < double.MaxValue ? $", up to {high}" : "")}");

    [GeneratedRegex("^(cpu|cuda|cuda:[0-9]{1,3}|mps)$")]
    private static partial Regex Device();
}
