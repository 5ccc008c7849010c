using System.Collections.Immutable;
using LanguageExt;

namespace Makemore;

/// <summary>What all parts of a run share.</summary>
/// <param name="Card">The description of the model in its checkpoints.</param>
/// <param name="Script">The path of the script.</param>
/// <param name="Options">The options.</param>
/// <param name="Engine">The engine.</param>
/// <param name="Words">The words; those of a saved model are read only when asked for.</param>
/// <param name="Prompt">The tokens that every sample begins with.</param>
/// <param name="Reporter">The output for a person.</param>
/// <param name="Shell">The environment of the process.</param>
internal sealed record RunContext(
    ModelCard Card, string Script, Options Options, IEngine Engine, Lazy<Either<Fault, Corpus>> Words, int[] Prompt, IReporter Reporter,
    Shell Shell)
{
    /// <summary>Counts of pairs of tokens (V, V) for the report, with their titles.</summary>
    public ImmutableArray<(string Title, long[,] Values)> Pairs { get; init; } = [];

    /// <summary>The words; the program ends with an error if they cannot be read.</summary>
    public Corpus Corpus => Words.Value.Match(corpus => corpus, fault => throw Shell.Stop(Card.Model, [fault]));

    /// <summary>Which words are held out for evaluation during training: validation or test.</summary>
    public string HeldName => Corpus.Validation.Count > 0 ? "validation" : "test";

    /// <summary>The key for a purpose.</summary>
    public Key KeyFor(Purpose purpose) => Key.FromSeed(Options.Seed, purpose);

    /// <summary>A path in the work dir.</summary>
    public string InWorkDir(string file) => Path.Combine(Options.WorkDir, file);

    /// <summary>Does the work of a run that writes to the work dir, while no other run does.</summary>
    public Either<Fault, T> InLockedWorkDir<T>(Func<Either<Fault, T>> work) => WorkDir.Locked(Options.WorkDir, WorkFiles.OfRun, work);

    /// <summary>Makes room in the work dir for a new run, and says what has become of an earlier one.</summary>
    public Either<Fault, Unit> MoveEarlierAside() =>
        EarlierRuns.MoveAside(Options.WorkDir, Options.Keep).Map(earlier => earlier.Iter(run => Reporter.Say(run.Folder is { } folder
            ? $"the earlier run is now in {folder}{(run.Deleted > 0 ? $"; older ones are deleted (--keep {Options.Keep})" : "")}"
            : $"the earlier run is deleted (--keep {Options.Keep})")));

    /// <summary>The saved model whose parameters the run begins with, if any.</summary>
    public SavedRun? Origin { get; init; }

    /// <summary>The saved run that is used or resumed, if any.</summary>
    public SavedRun? Resumed { get; init; }

    /// <summary>Ends the program unless all ranks train the same.</summary>
    public Unit Agree()
    {
        Shell.Agree(new(
            Card.Options.GetValueOrDefault(ModelCard.WordsHash, ""),
            string.Join('\n', Card.Options.Remove(ModelCard.WordsHash).Select(option => $"{option.Key} {option.Value}")),
            $"{Card.ScriptHash} {typeof(Tensor).Module.ModuleVersionId}", Resumed?.Hash ?? ""));
        return Unit.Default;
    }

    /// <summary>The parameters that the run begins with: those of --from, or fresh ones. Or why the model's logits do not fit the
    /// vocabulary.</summary>
    public Either<Fault, P> InitialParameters<P, C>(Model<P, C> model) =>
        from fresh in Fitting(model, Tree.To(model.Init(KeyFor(Purpose.Init)), Engine))
        from p in Origin is { } origin ? Checkpoint.LoadParameters(origin.File, fresh).In("--from") : fresh
        select p;

    /// <summary>Parameters of a model, or why its logits do not fit the vocabulary.</summary>
    public Either<Fault, P> Fitting<P, C>(Model<P, C> model, P p) =>
        ModelChecks.Width(model, p) is var width && width == Corpus.Vocabulary.Size
            ? p
            : new Fault.WrongWidth(width, Corpus.Vocabulary.Size);

    /// <summary>The parameters in model.safetensors.</summary>
    public Either<Fault, P> LoadSaved<P, C>(Model<P, C> model) =>
        TrainedModel.Load(InWorkDir(WorkFiles.ModelFile), model, Engine).Map(trained => trained.Params);

    /// <summary>The batches of a training run, by step, for one reader.</summary>
    public Func<long, Batch> OpenTrainBatches() =>
        TrainingRun.OpenBatches(Corpus, Options.BatchSize, Options.Seed, Engine);

    /// <summary>Samples with the options' temperature, prompt and so on; deterministic.</summary>
    public IEnumerable<Sample> Sample<P, C>(Model<P, C> model, P p, int count) => Sampler.Words(
        model, p, KeyFor(Purpose.Samples), count, SamplingOptions, Prompt);

    private SamplingOptions SamplingOptions => new(
        (float)Options.Temperature, Options.TopK < 0 ? null : Options.TopK, (float)Options.TopP,
        Options.MaxLength ?? Card.DefaultMaxLength);

    /// <summary>Samples from a model of a text, as it comes: the prompt, or else a line end, and tokens after it.</summary>
    public IEnumerable<int> SampleText<P, C>(Model<P, C> model, P p, int count)
    {
        int[] start = Prompt.Length > 0 ? Prompt : Card.Vocabulary.Encode("\n").IfLeft([Card.Vocabulary.Size - 1]);
        return Prompt.Concat(Sampler.Continue(model, p, KeyFor(Purpose.Samples), SamplingOptions, start).Take(count));
    }

    /// <summary>A sample for display.</summary>
    public string Text(Sample sample) =>
        Card.Vocabulary.Show([.. sample.Tokens]) + (sample.IsFinished ? "" : SampleGroups.CutMark);

    /// <summary>The line of an evaluation in metrics.jsonl.</summary>
    public Metrics Measure(RunEvent.Evaluated evaluated)
    {
        var (evaluation, milliseconds) = (evaluated.Evaluation, evaluated.MillisecondsPerStep);
        return new(
            evaluation.Step, evaluation.Train, HeldName, evaluation.Held, evaluation.StandardError,
            evaluation.Step > 0 ? Options.LearningRateAt(evaluation.Step - 1) : null, evaluated.GradientNorm, milliseconds,
            Options.BatchSize / milliseconds * 1000);
    }

    /// <summary>Shows the data and the size of the model.</summary>
    /// <returns>The parameters.</returns>
    public P Introduce<P, C>(Model<P, C> model, Func<P> parameters)
    {
        Reporter.Say(Corpus.IsText ? DataLines.OfPieces(Corpus) : DataLines.OfSplit(Corpus.Report));
        foreach (var line in DataLines.OfText(Corpus))
            Reporter.Say(line);
        if (Origin is { } origin)
            Reporter.Say(origin.Describe(Corpus.Words));
        var p = parameters();
        Reporter.Say($"{model.Name}: {Tree.Count(p)} parameters");
        return p;
    }

    /// <summary>Writes run.json for a run that has begun: it says where the run's script and words are, but does not vouch for the
    /// saved model.</summary>
    public Either<Fault, Unit> Begin<P>(P p) => Record(Tree.Count(p), null, null, null);

    /// <summary>Writes run.json for a finished run, whose saved model it vouches for.</summary>
    public Either<Fault, Unit> Finish<P>(P p, long? steps, double? milliseconds) =>
        from metadata in Safetensors.ReadMetadata(InWorkDir(WorkFiles.ModelFile))
        from _ in Record(Tree.Count(p), steps, milliseconds, metadata.GetValueOrDefault(Safetensors.HashName))
        select _;

    private Either<Fault, Unit> Record(long parameters, long? steps, double? milliseconds, string? modelHash) => JsonFile.Write(
        InWorkDir(WorkFiles.RecordFile),
        new RunRecord(
            Card.Model, RecordedPath.Of(Options.WorkDir, Script), Card.ScriptHash, parameters, steps, milliseconds, Card.Options,
            RecordedPath.Of(Options.WorkDir, Corpus.Words.Source), Corpus.Hash, Size(Corpus.Train), Size(Corpus.Validation),
            Size(Corpus.Test), Corpus.BlockSize, modelHash));

    private static long Size(IEncodedWords words) => words is IEncodedText text ? text.Length : words.Count;

    /// <summary>Shows an evaluation.</summary>
    public Unit Show(Evaluation evaluation)
    {
        Reporter.Evaluation(evaluation, HeldName);
        return Unit.Default;
    }
}
