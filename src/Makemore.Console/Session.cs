using System.Diagnostics;
using System.Globalization;

namespace Makemore;

/// <summary>A training run as a person follows it, whatever its model.</summary>
internal interface ISession
{
    /// <summary>Whether the run should end before its last step.</summary>
    bool IsOver { get; }

    /// <summary>The number of steps made.</summary>
    long Step { get; }

    /// <summary>The median of the steps made here; none where none was made.</summary>
    double? MillisecondsPerStep { get; }

    /// <summary>Shows a state, and now and then evaluates and saves it.</summary>
    void Show(object state);

    /// <summary>Saves the end of the run.</summary>
    void Finish();
}

/// <summary>A training run as a person follows it: progress, evaluations, warnings, checkpoints.</summary>
/// <typeparam name="P">The parameters.</typeparam>
/// <typeparam name="C">What a step remembers.</typeparam>
internal sealed class Session<P, C>(Run run, Model<P, C> model, Transform optimizer, Progress<P> start, Diagnostics? diagnostics)
    : ISession
    where P : class
{
    private const int WordsShownOnTheWay = 5;
    private readonly int _evalEvery = run.Get<int>("--eval-every");
    private readonly int _saveEvery = run.Get<int>("--save-every");
    private readonly int _patience = run.Get<int>("--patience");
    private readonly int? _maxSeconds = run.Get<int?>("--max-seconds");
    private readonly RunningMedian _sinceEvaluated = new(), _sinceStart = new();
    private readonly long _beginning = Stopwatch.GetTimestamp();
    private Progress<P> _progress = start;
    private long _clock = Stopwatch.GetTimestamp();
    private bool _hasWarned;

    public bool IsOver => IsOutOfPatience || IsOutOfTime;

    public long Step => _progress.State.Step;

    public double? MillisecondsPerStep => _sinceStart.Value;

    public void Show(object state) => Show((TrainState<P>)state);

    /// <remarks>The last step need not be a regular evaluation. It counts for the model that is saved, but not for the
    /// state, so that a run that is resumed later goes on as if it had never stopped.</remarks>
    public void Finish()
    {
        if (IsOutOfTime && !IsOutOfPatience && Step < run.MaxSteps)
            run.Say($"stopped: {_maxSeconds} seconds are over");
        if (IsOutOfPatience)
            run.Say($"stopped: the {run.HeldName} loss has not fallen in {_patience} evaluations");
        var isShown = _progress.History is [.., var entry] && entry.Step == _progress.State.Step;
        var last = isShown ? _progress.History[^1] : run.Evaluate(model, Average(_progress.State), _progress.State.Step);
        if (!isShown)
            run.Reporter.Evaluation(last, run.HeldName);
        var best = Best(last);
        Save(best);
        run.Conclude(model, best);
        diagnostics?.Show(run.Reporter);
    }

    private bool IsOutOfPatience => _patience > 0 && EvaluationsSinceBest >= _patience;

    private bool IsOutOfTime => Stopwatch.GetElapsedTime(_beginning).TotalSeconds >= _maxSeconds;

    private int EvaluationsSinceBest => _progress.History.Length == 0
        ? 0
        : _progress.History.Length - 1 - _progress.History.IndexOf(_progress.History.MinBy(entry => entry.Held)!);

    private void Show(TrainState<P> state)
    {
        if (state.Step > _progress.State.Step)
            ShowStep(state);
        else
            Mend();
        if (diagnostics?.IsDue(state.Step) == true && state.Step < run.MaxSteps)
            diagnostics.Before(model, state, run.BatchAt(state.Step), run.KeyAt(state.Step));
        _clock = Stopwatch.GetTimestamp();
    }

    /// <summary>Writes the best model again where its file is missing or damaged: a run that is resumed has it in its
    /// state.</summary>
    private void Mend()
    {
        if (_progress.Best is { } best && Safetensors.Read(run.InWorkDir(Run.ModelFile)).IsLeft)
            run.OrStop(Checkpoint.SaveModel(run.InWorkDir(Run.ModelFile), model, best, run.Card));
    }

    private void ShowStep(TrainState<P> state)
    {
        var milliseconds = Stopwatch.GetElapsedTime(_clock).TotalMilliseconds;
        _sinceEvaluated.Add(milliseconds);
        _sinceStart.Add(milliseconds);
        if (diagnostics?.IsDue(state.Step - 1) == true)
            run.OrStop(AtomicFile.AppendLine(run.InWorkDir(Run.DiagnosticsFile), diagnostics.After(state.Step - 1)));
        var (isEvaluated, isSaved) = (state.Step % _evalEvery == 0, _saveEvery > 0 && state.Step % _saveEvery == 0);
        if (!float.IsFinite(state.Loss) || ((isEvaluated || isSaved) && NotFiniteLeaf(state) is not null))
        {
            diagnostics?.Show(run.Reporter);
            throw run.Stop(NotFinite(state));
        }
        run.Reporter.Step(state.Step, run.MaxSteps, state.Loss, milliseconds);
        _progress = _progress with { State = state };
        if (isEvaluated)
            Evaluate(state);
        else if (isSaved)
            run.OrStop(Checkpoint.SaveState(run.InWorkDir(Run.StateFile), _progress, optimizer, run.Card));
    }

    private void Evaluate(TrainState<P> state)
    {
        var p = Average(state);
        var entry = run.Evaluate(model, p, state.Step);
        _progress = _progress.After(state, p, entry);
        run.Reporter.Evaluation(entry, run.HeldName);
        Warn(entry);
        run.Say($"samples: {string.Join(' ', run.Sample(model, p, WordsShownOnTheWay).Select(run.Text))}");
        run.WriteMetrics(entry, _sinceEvaluated.Value!.Value);
        _sinceEvaluated.Clear();
        Save(Best(entry));
    }

    /// <summary>Says it once when the model begins to learn its words by heart.</summary>
    private void Warn(Evaluated now)
    {
        var best = _progress.History.MinBy(entry => entry.Held)!;
        if (_hasWarned || now.Train >= best.Train || now.Held <= best.Held + now.StandardError)
            return;
        _hasWarned = true;
        run.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"warning: since step {best.Step} the {run.HeldName} loss has risen from {best.Held:0.0000} to {now.Held:0.0000} while ")
            + "the training loss falls: the model learns its words by heart; more words, fewer parameters, --dropout 0.1 or "
            + "--weight-decay help, --patience 5 stops here (the best model is kept)");
    }

    private static Leaf? NotFiniteLeaf(TrainState<P> state) =>
        Tree.Leaves(state.Params).FirstOrDefault(leaf => leaf.Value.ToArray().Any(value => !float.IsFinite(value)));

    private Fault NotFinite(TrainState<P> state)
    {
        var leaf = NotFiniteLeaf(state);
        var relation = float.IsFinite(state.Loss) ? "but not finite are" : "and so are";
        var good = File.Exists(run.InWorkDir(Run.StateFile)) && _progress.History is [.., var entry]
            ? $"the last good checkpoint is {run.InWorkDir(Run.StateFile)}, of step {entry.Step} or later"
            : "nothing was saved before it";
        return Fault.Of(
            $"step {state.Step}: the loss is {state.Loss.ToString(CultureInfo.InvariantCulture)}"
            + $"{(leaf is null ? "" : $", {relation} numbers in '{leaf.Name}'")}; {good}; "
            + "try a lower --learning-rate, or --grad-clip 1");
    }

    /// <summary>The parameters that are evaluated and kept: their running mean, where the optimizer keeps one.</summary>
    private P Average(TrainState<P> state)
    {
        var slot = optimizer.State.ToList().FindIndex(slot => slot.Name == Transforms.EmaState);
        if (slot < 0)
            return state.Params;
        var next = 0;
        var leaves = Tree.Leaves(state.Params);
        return Tree.Rebuild(
            state.Params, [.. leaves.Select(leaf => leaf.IsBuffer ? leaf.Value : state.OptimizerState[slot][next++])]);
    }

    private P Best(Evaluated last) =>
        _progress.Best is { } best && _progress.BestLoss <= last.Held ? best : Average(_progress.State);

    private void Save(P best)
    {
        run.OrStop(Checkpoint.SaveState(run.InWorkDir(Run.StateFile), _progress, optimizer, run.Card));
        run.OrStop(Checkpoint.SaveModel(run.InWorkDir(Run.ModelFile), model, best, run.Card));
    }
}
