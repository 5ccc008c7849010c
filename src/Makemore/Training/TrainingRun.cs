using System.Collections.Immutable;
using System.Diagnostics;

namespace Makemore;

/// <summary>A training run as a value: what it trains and how, and when it evaluates, saves and stops. <see cref="Events"/>
/// runs it.</summary>
/// <param name="Model">What is trained.</param>
/// <param name="Step">One training step.</param>
/// <param name="Batches">The batch of each step, the same for the same index.</param>
/// <param name="Key">The randomness of the steps.</param>
/// <param name="Evaluate">The losses of parameters after a number of steps.</param>
/// <typeparam name="P">The parameters.</typeparam>
/// <typeparam name="C">The model's cache.</typeparam>
public sealed record TrainingRun<P, C>(
    Model<P, C> Model, TrainStep<P> Step, Func<long, Batch> Batches, Key Key, Func<P, long, Evaluation> Evaluate)
    where P : class
{
    /// <summary>The maximum number of steps.</summary>
    public required long MaxSteps { get; init; }

    /// <summary>The time limit.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.MaxValue;

    /// <summary>The run stops after this many evaluations without improvement; 0 for never.</summary>
    public int Patience { get; init; }

    /// <summary>Steps between evaluations.</summary>
    public int EvalEvery { get; init; } = 500;

    /// <summary>Steps between checkpoints, besides those at evaluations; 0 for none.</summary>
    public int SaveEvery { get; init; }

    /// <summary>Samples from parameters, to show at evaluations.</summary>
    public Func<P, IEnumerable<Sample>> Sample { get; init; } = _ => [];

    /// <summary>Whether the step after a number of steps is inspected.</summary>
    public Func<long, bool> IsInspected { get; init; } = _ => false;

    /// <summary>Stops the run after the current step.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Called after each step with this process' reason to stop, if it has one; returns that of all processes that train the
    /// model. Their clocks and signals differ.</summary>
    public Func<StopReason?, StopReason?> Agree { get; init; } = reason => reason;

    /// <summary>Runs it, lazily: the events from the start to <see cref="RunEvent.Ended{P}"/>, which carries the best parameters
    /// whether or not the events before it were used.</summary>
    /// <remarks>Enumerating twice trains twice. If there is no regular evaluation after the last step, the model is evaluated once
    /// more. That evaluation counts for the best parameters but not for the state, so that a resumed run ends with the same bits
    /// as an uninterrupted one.</remarks>
    public IEnumerable<RunEvent> Events(Progress<P> start)
    {
        var (progress, clock, hasWarned) = (start, Stopwatch.StartNew(), false);
        long? saved = start.State.Step > 0 ? start.State.Step : null;
        RunningMedian sinceEvaluation = new(), sinceStart = new();
        yield return new RunEvent.Started<P>(
            start, start.State.Step > 0 ? null : InitialLoss.Of(Model, start.State.Params, Batches(0), Key.At(0)));
        using var results = Training.Scan(Step, start.State, Batches, Key).GetEnumerator();
        var reason = ReasonToStop(progress, clock.Elapsed);
        while (reason is null)
        {
            var before = progress.State;
            ImmutableArray<ActivationRow>? activations = IsInspected(before.Step)
                ? Diagnosis.OfActivations(Model, before.Params, Batches(before.Step), Key.At(before.Step))
                : null;
            var began = Stopwatch.GetTimestamp();
            results.MoveNext();
            var (state, loss, grads) = (results.Current.State, (double)results.Current.Loss.Item(), results.Current.Gradients);
            var milliseconds = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            sinceEvaluation.Add(milliseconds);
            sinceStart.Add(milliseconds);
            if (activations is { } rows)
                yield return new RunEvent.Diagnosed(
                    new(before.Step, rows, Diagnosis.OfUpdate(before.Params, grads, state.Params)));
            var (isEvaluated, isSaved) = (IsEvery(EvalEvery, state.Step), IsEvery(SaveEvery, state.Step));
            if (NotFinite(state, loss, isEvaluated || isSaved) is { } diverged)
            {
                yield return new RunEvent.Ended<P>(diverged, progress, Best(progress), saved, sinceStart.Value);
                yield break;
            }
            yield return new RunEvent.Stepped(state.Step, loss, milliseconds);
            progress = progress with { State = state };
            if (isEvaluated)
            {
                var p = state.Averaged();
                var evaluation = Evaluate(p, state.Step);
                progress = progress.After(p, evaluation);
                yield return new RunEvent.Evaluated(
                    evaluation, IsRegular: true, results.Current.GradientNorm, sinceEvaluation.Value);
                sinceEvaluation.Clear();
                if (!hasWarned && IsOverfitting(progress, evaluation))
                {
                    hasWarned = true;
                    yield return new RunEvent.Warned(progress.BestEvaluation!, evaluation);
                }
                yield return new RunEvent.Sampled([.. Sample(p)]);
                yield return new RunEvent.Saved<P>(progress, progress.Best ?? p);
            }
            else if (isSaved)
                yield return new RunEvent.Saved<P>(progress, null);
            saved = isEvaluated || isSaved ? state.Step : saved;
            reason = ReasonToStop(progress, clock.Elapsed);
        }
        var last = progress.State.Averaged();
        var best = Best(progress);
        if (progress.History is not [.., var regular] || regular.Step != progress.State.Step)
        {
            var evaluation = Evaluate(last, progress.State.Step);
            best = progress.BestOf(last, evaluation);
            yield return new RunEvent.Evaluated(
                evaluation, IsRegular: false, sinceStart.Value is null ? null : results.Current.GradientNorm, sinceEvaluation.Value);
            yield return new RunEvent.Saved<P>(progress, best);
        }
        yield return new RunEvent.Ended<P>(reason, progress, best, progress.State.Step, sinceStart.Value);
    }

    /// <summary>Runs it to its end.</summary>
    public RunEvent.Ended<P> Finish(Progress<P> start) => (RunEvent.Ended<P>)Events(start).Last();

    private static P Best(Progress<P> progress) => progress.Best ?? progress.State.Averaged();

    private StopReason? ReasonToStop(Progress<P> progress, TimeSpan elapsed) => Agree(
        progress.State.Step >= MaxSteps ? new StopReason.MaxSteps()
        : Cancellation.IsCancellationRequested ? new StopReason.Interrupted()
        : Patience > 0 && progress.EvaluationsSinceBest >= Patience ? new StopReason.OutOfPatience()
        : elapsed >= MaxTime ? new StopReason.MaxTime()
        : null);

    /// <summary>Whether, since the best evaluation, the training loss has fallen and the held-out loss has risen by more than its
    /// standard error.</summary>
    private static bool IsOverfitting(Progress<P> progress, Evaluation now) =>
        progress.BestEvaluation is { } best && now.Train < best.Train && now.Held > best.Held + now.StandardError;

    private static StopReason.NotFinite? NotFinite(TrainState<P> state, double loss, bool isKept)
    {
        var leaf = !double.IsFinite(loss) || isKept
            ? Tree.Leaves(state.Params).FirstOrDefault(leaf => !leaf.Value.ToArray().All(float.IsFinite))
            : null;
        return double.IsFinite(loss) && leaf is null ? null : new(state.Step, loss, leaf?.Name);
    }

    private static bool IsEvery(int steps, long step) => steps > 0 && step % steps == 0;
}

/// <summary>Makes <see cref="TrainingRun{P, C}"/>s.</summary>
public static class TrainingRun
{
    /// <summary>A run on the words of a corpus, with the batches, steps and evaluations of a script with the same seed; so both
    /// end with the same bits. Other settings are properties of the run.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="corpus">The words.</param>
    /// <param name="maxSteps">The maximum number of steps.</param>
    /// <param name="batchSize">The number of words in a batch.</param>
    /// <param name="seed">The random seed.</param>
    /// <param name="step">One training step; by default that of gradient descent on the cross-entropy.</param>
    /// <param name="engine">The engine of the parameters; by default the managed engine.</param>
    public static TrainingRun<P, C> Of<P, C>(
        Model<P, C> model, Corpus corpus, long maxSteps, int batchSize = 32, long seed = Key.DefaultSeed, TrainStep<P>? step = null,
        IEngine? engine = null)
        where P : class => new(
            model, step ?? Training.Step(Training.CrossEntropy(model)),
            OpenBatches(corpus, batchSize, seed, engine),
            Key.FromSeed(seed, Purpose.Steps), (p, steps) => Evaluation.Of(model, p, corpus, steps))
        {
            MaxSteps = maxSteps,
        };

    /// <summary>The batch of each step of such a run, read ahead for one reader.</summary>
    /// <param name="corpus">The words.</param>
    /// <param name="batchSize">The number of words in a batch.</param>
    /// <param name="seed">The random seed.</param>
    /// <param name="engine">The engine of the batches; by default the managed engine.</param>
    public static Func<long, Batch> OpenBatches(
        Corpus corpus, int batchSize = 32, long seed = Key.DefaultSeed, IEngine? engine = null) =>
        corpus.Batches(corpus.Train, batchSize, engine ?? ManagedEngine.Default).Prefetched(Key.FromSeed(seed, Purpose.Batches));
}
