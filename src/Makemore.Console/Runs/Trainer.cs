using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>Trains a model: the options become a <see cref="TrainingRun{P,C}"/>, and its events go to the sinks.</summary>
internal static class Trainer
{
    private const int SamplesShown = 5, TokensShown = 60;

    /// <summary>Trains or resumes, saves the best model, and writes the report.</summary>
    /// <param name="run">The run.</param>
    /// <param name="model">The model.</param>
    /// <param name="learning">How it is trained.</param>
    /// <param name="watch">A sink of the script's own.</param>
    /// <returns>The exit code.</returns>
    public static Either<Fault, int> Train<P, C>(
        RunContext run, Model<P, C> model, Learning<P> learning, Action<RunEvent> watch)
        where P : class
    {
        if (run.Options.Parts is { } parts && learning.Loss is null)
            return Fault.Of($"--parts {parts}: the script has a training step of its own, which need not be a sum over parts of a batch");
        using var interruption = run.Shell.Interrupts();
        return
            from p in run.InitialParameters(model)
            from ended in run.Shell.Ranks.Rank == 0 ? Lead(p) : Follow(p)
            select interruption.ExitCode;

        Either<Fault, Unit> Lead(P p) => run.InLockedWorkDir(() =>
            from start in Start(run, p, learning.Optimizer)
            let agreed = run.Agree()
            from _ in run.Options.Resume ? unit : run.MoveEarlierAside()
            from begun in run.Begin(p)
            from sinks in Sinks(run, model, watch)
            let __ = run.Introduce(model, () => p)
            from ended in Drive<P>(Plan(run, model, learning, interruption.Token).Events(start), sinks)
            from finite in Finite(run, ended)
            from ___ in FinalReport.Write(run, model, ended.Progress.State.Step, ended.MillisecondsPerStep)
            select ___);

        // The other ranks take the same steps, and write nothing.
        Either<Fault, Unit> Follow(P p) =>
            from start in Start(run, p, learning.Optimizer)
            let agreed = run.Agree()
            from ended in Drive<P>(Plan(run, model, learning, interruption.Token).Events(start), [])
            from finite in Finite(run, ended)
            select finite;
    }

    private static Either<Fault, Progress<P>> Start<P>(RunContext run, P p, Transform optimizer)
        where P : class =>
        run.Options.Resume
            ? Checkpoint.LoadState(run.InWorkDir(WorkFiles.StateFile), p, optimizer, run.Card)
            : Progress<P>.Start(TrainState<P>.Start(p, optimizer));

    private static Either<Fault, Unit> Finite<P>(RunContext run, RunEvent.Ended<P> ended)
        where P : class => ended.Reason is StopReason.NotFinite diverged
            ? new Fault.Diverged(
                diverged.Step, diverged.Loss, diverged.Leaf,
                ended.LastSaved is { } saved ? (run.InWorkDir(WorkFiles.StateFile), saved) : null)
            : unit;

    private static TrainingRun<P, C> Plan<P, C>(
        RunContext run, Model<P, C> model, Learning<P> learning, CancellationToken interrupt)
        where P : class
    {
        var (ranks, step) = (run.Shell.Ranks, run.Options.Parts is { } parts
            ? PartedTraining.Step(learning.Loss!, parts, run.Shell.Ranks, run.Options.Threads)
            : learning.Step);
        var plan = TrainingRun.Of(model, run.Corpus, run.Options.MaxSteps, run.Options.BatchSize, run.Options.Seed, step, run.Engine);
        return plan with
        {
            Evaluate = (p, steps) => ranks.OfRoot(() => plan.Evaluate(p, steps)),
            Agree = ranks.OfRoot,
            MaxTime = run.Options.MaxSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue,
            Patience = run.Options.Patience,
            EvalEvery = run.Options.EvalEvery,
            SaveEvery = run.Options.SaveEvery,
            Sample = p => ranks.Rank > 0 ? [] : run.Card.IsText
                ? [new([.. run.SampleText(model, p, TokensShown)], IsFinished: false)]
                : run.Sample(model, p, SamplesShown),
            IsInspected = run.Options.IsInspected,
            Cancellation = interrupt,
        };
    }

    private static Either<Fault, Sink[]> Sinks<P, C>(RunContext run, Model<P, C> model, Action<RunEvent> watch)
        where P : class =>
        // Opened first, so that a work dir that is not writable fails now and not at the first evaluation.
        from metrics in MetricsSink.Open<P>(run.Options.WorkDir, run.Options.Resume, run.Measure, run.Text)
        from diagnostics in run.Options.Diagnose
            ? DiagnosticsSink.Open(run.Options.WorkDir, run.Options.Resume).Map(sink => new[] { sink })
            : System.Array.Empty<Sink>()
        select (Sink[])
        [
            OnSameWords(run), ReporterSink.Of<P>(run), metrics, .. diagnostics,
            .. run.Options.Tensorboard ? [TensorBoardSink.Of<P>(run.Options.WorkDir, run.Measure)] : (Sink[])[],
            CheckpointSink.Of(run.Options.WorkDir, model, run.Card), Watching(watch),
        ];

    private static Sink OnSameWords(RunContext run) => happened =>
        happened is RunEvent.Evaluated ? run.Corpus.Words.Unchanged() : unit;

    private static Sink Watching(Action<RunEvent> watch) => happened =>
    {
        watch(happened);
        return unit;
    };

    /// <summary>Sends every event to all sinks, until the run ends or a sink fails.</summary>
    private static Either<Fault, RunEvent.Ended<P>> Drive<P>(IEnumerable<RunEvent> events, Sink[] sinks)
        where P : class
    {
        RunEvent? last = null;
        foreach (var happened in events)
        {
            last = happened;
            foreach (var sink in sinks)
                if (sink(happened) is { IsLeft: true } failed)
                    return (Fault)failed;
        }
        return (RunEvent.Ended<P>)last!;
    }
}
