using System.Collections.Immutable;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>The whole ladder, trained for a comparison.</summary>
/// <param name="Options">The options of the comparison.</param>
/// <param name="Script">The path of a script in the folder of the scripts.</param>
/// <param name="Children">Starts the scripts of the models.</param>
/// <param name="Reporter">Where to show progress.</param>
internal sealed record Ladder(ComparisonOptions Options, string Script, ChildScripts Children, IReporter Reporter)
{
    /// <summary>The fraction of a model's time for the trial run that measures its speed: enough for the code to warm up.</summary>
    private const double TrialFraction = 0.08;

    /// <summary>The fraction of the rest for training steps; evaluations need some.</summary>
    private const double StepFraction = 0.8;

    /// <summary>The name of the trial runs' work dir, which no run of a person has.</summary>
    public const string TrialFolder = "ladder~trial";

    private static readonly string[] Counted = ["bigram", "ngram"];

    private static readonly string[] Models =
        [.. Counted, "mlp", "batchnorm", "wavenet", "rnn", "lstm", "gru", "bow", "transformer"];

    /// <summary>The work dirs of its models.</summary>
    public IReadOnlyList<string> Runs => [.. Models.Select(InWorkDir)];

    /// <summary>Nothing, or why some runs cannot be compared with its models, or its words cannot be read.</summary>
    public Either<Fault, Unit> Accept(FinishedRun[] runs)
    {
        var words = Options.InputFile ?? Opening.DefaultWords(Script);
        // No option for the split is given to its scripts.
        var options = new Options();
        return
            from corpus in Corpus.Read(new(words), Opening.SplitKey(options.SplitSeed))
            let held = new HeldOut(
                $"the ladder, which is trained on {words}", corpus.Hash,
                OptionEntry.Of(options).ToImmutableSortedDictionary(entry => entry.Name, entry => OptionEntry.Show(entry.Default)))
            from _ in runs.Select(run => run.HeldOut.Accept(held)).All()
            select unit;
    }

    private string Trial => InWorkDir(TrialFolder);

    /// <summary>Trains all models, each for an equal share of the time. A short trial run measures the speed, and so how many
    /// steps fit, because a learning-rate schedule needs to know its length. A model that turns out slower is stopped when its
    /// time is up.</summary>
    public Either<Fault, Unit> Train() => Models
        .Select(model =>
            from _ in Counted.Contains(model)
                ? Start(model, InWorkDir(model), Measured)
                : Train(model, Options.Minutes * 60 / Models.Length)
            from record in Read(InWorkDir(model))
            select Say($"{model}: {(record.Steps is { } steps ? $"{steps} steps" : "counted")}"))
        .All().Bind(_ => EarlierRuns.Discard(Trial));

    private Either<Fault, Unit> Train(string model, double seconds) =>
        from _ in Start(
            model, Trial, "--keep", "0", "--report-samples", "0", "--max-steps", $"{int.MaxValue}",
            "--max-seconds", Whole(seconds * TrialFraction))
        from trial in Read(Trial)
        from milliseconds in trial.MillisecondsPerStep is { } measured
            ? Prelude.Right<Fault, double>(measured)
            : Fault.Of("no step fits into the trial run; give the ladder more --minutes").In(model)
        let steps = seconds * (1 - TrialFraction) * StepFraction * 1000 / milliseconds
        from __ in Start(
            model, InWorkDir(model), [.. Measured, "--max-steps", Whole(steps), "--max-seconds", Whole(seconds * (1 - TrialFraction))])
        select unit;

    private string[] Measured => ["--report-samples", $"{Options.Samples}"];

    /// <summary>A number as the value of an option that takes an integer of 1 or more.</summary>
    private static string Whole(double value) => Numbers.Show(Math.Max(1, value), "0");

    private Either<Fault, RunRecord> Read(string folder) => FinishedRun.Read(folder, Script).Map(run => run.Record);

    private Either<Fault, Unit> Start(string model, string folder, params string[] arguments) => Children.LastLine(
        Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(Path.GetDirectoryName(Script)!, $"{model}.csx")),
        ["-o", folder, .. Options.InputFile is { } words ? ["-i", words] : (string[])[], .. arguments]).Map(_ => unit);

    private string InWorkDir(string model) => Path.Combine(Options.WorkDir, model);

    private Unit Say(string line)
    {
        Reporter.Say(line);
        return unit;
    }
}
