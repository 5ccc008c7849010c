using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>The whole ladder, trained for a comparison.</summary>
/// <param name="Options">How long, on which words, and where to.</param>
/// <param name="Scripts">The folder of its scripts.</param>
/// <param name="Reporter">Hears how far it is.</param>
internal sealed record Ladder(ComparisonOptions Options, string Scripts, IReporter Reporter)
{
    /// <summary>The share of a model's time that goes into measuring its pace: enough for the machine to warm up.</summary>
    private const double ShareOfTrial = 0.08;

    /// <summary>The share of the rest that goes into steps: evaluations take some.</summary>
    private const double ShareOfSteps = 0.8;

    private static readonly string[] Counted = ["bigram", "ngram"];

    private static readonly string[] Models =
        [.. Counted, "mlp", "batchnorm", "wavenet", "rnn", "lstm", "gru", "bow", "transformer"];

    /// <summary>The work dirs of its models.</summary>
    public IReadOnlyList<string> Runs => [.. Models.Select(InWorkDir)];

    /// <summary>Trains all models. Each gets an equal share of the time: a short trial measures its pace, and so how many steps
    /// fit, because a learning-rate schedule has to know its length. A model that is slower than it seemed is stopped at the
    /// end of its share.</summary>
    public Either<Fault, Unit> Train() => Models
        .Select(model =>
            from _ in Counted.Contains(model) ? Start(model, Measured) : Train(model, Options.Minutes * 60 / Models.Length)
            from record in Read(model)
            select Say($"{model}: {(record.Steps is { } steps ? $"{steps} steps" : "counted")}"))
        .All().Map(_ => unit);

    private Either<Fault, Unit> Train(string model, double seconds) =>
        from _ in Start(
            model, "--report-samples", "0", "--max-steps", $"{int.MaxValue}", "--max-seconds", Whole(seconds * ShareOfTrial))
        from trial in Read(model)
        let steps = seconds * (1 - ShareOfTrial) * ShareOfSteps * 1000 / trial.MillisecondsPerStep!.Value
        from __ in Start(
            model, [.. Measured, "--max-steps", Whole(steps), "--max-seconds", Whole(seconds * (1 - ShareOfTrial))])
        select unit;

    private string[] Measured => ["--report-samples", $"{Options.Samples}"];

    /// <summary>A number as an option that takes a whole one of 1 or more.</summary>
    private static string Whole(double value) => Numbers.Show(Math.Max(1, value), "0");

    private Either<Fault, RunRecord> Read(string model) => FinishedRun.Read(InWorkDir(model)).Map(run => run.Record);

    private Either<Fault, Unit> Start(string model, params string[] arguments) => ChildScript.Listen(
        Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(Scripts, $"{model}.csx")),
        ["-o", InWorkDir(model), .. Options.InputFile is { } words ? ["-i", words] : (string[])[], .. arguments],
        _ => { }).Map(_ => unit);

    private string InWorkDir(string model) => Path.Combine(Options.WorkDir, model);

    private Unit Say(string line)
    {
        Reporter.Say(line);
        return unit;
    }
}
