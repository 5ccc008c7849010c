using System.Diagnostics;
using System.Globalization;

namespace Makemore;

public sealed partial class Run
{
    private const int EvaluationBatch = 256;
    private const int TrainWordsEvaluated = 1000;
    private const int WordsShownOnTheWay = 5;

    // What Show does with a state, once Train has been told the model.
    private Action<object>? _show;
    private Func<object>? _best;

    // Whether there is nothing left to do for Finish.
    private bool _isDone;

    /// <summary>
    /// The states of a training run: from the start, or from the saved state with --resume, up to --max-steps or
    /// Ctrl-C. With --sample-only, or to check a tweak, there are none.
    /// </summary>
    public IEnumerable<TrainState<P>> Train<P, C>(Model<P, C> model, Transform optimizer)
        where P : class
    {
        _isDone = SampleOnly(model) || Check(model, optimizer);
        if (_isDone)
            yield break;
        var p = Tree.To(model.Init(KeyFor(Purpose.Init)), Engine);
        var progress = Get<bool>("--resume")
            ? Else(Checkpoint.LoadState(InWorkDir(StateFile), p, optimizer, Card))
            : new Progress<P>(TrainState<P>.Start(p, optimizer), null, []);
        Introduce(model, progress.State.Params);
        var maxSteps = Get<int>("--max-steps");
        var batches = new Batches(Corpus.Train, BlockSize, Get<int>("--batch-size"), Engine: Engine);
        var keys = KeyFor(Purpose.Batches);
        var clock = Stopwatch.GetTimestamp();
        _show = state => progress = Show(model, optimizer, progress, (TrainState<P>)state, ref clock);
        _best = () => Finish(model, optimizer, progress);
        foreach (var state in Training.Scan(
            model, optimizer, progress.State, step => batches.At(keys, step), KeyFor(Purpose.Steps),
            (float)Get<double>("--label-smoothing")))
        {
            yield return state;
            if (state.Step >= maxSteps || _isInterrupted)
                yield break;
        }
    }

    /// <summary>Shows a state: the step's loss, and now and then an evaluation, samples, and a checkpoint.</summary>
    public void Show<P>(TrainState<P> state) => _show!(state!);

    /// <summary>Ends a training run: the best model is saved, and samples are shown.</summary>
    public void Finish<P, C>(Model<P, C> model)
        where P : class
    {
        if (!_isDone)
            ShowSamples(model, (P)_best!(), Get<int>("--num"));
        End();
    }

    /// <summary>Ends the run of a model that needs no training: its losses, its checkpoint, samples.</summary>
    public void Finish<P, C>(Model<P, C> model, Func<P> fit)
        where P : class
    {
        if (!SampleOnly(model))
        {
            var p = Tree.To(fit(), Engine);
            Introduce(model, p);
            _reporter.Evaluation(Evaluate(model, p, 0), HeldName);
            Conclude(model, p);
            OrStop(Checkpoint.SaveModel(InWorkDir(ModelFile), model, p, Card));
            ShowSamples(model, p, Get<int>("--num"));
        }
        End();
    }

    private string HeldName => Corpus.Validation.Count > 0 ? "validation" : "test";

    private Progress<P> Show<P, C>(
        Model<P, C> model, Transform optimizer, Progress<P> progress, TrainState<P> state, ref long clock)
        where P : class
    {
        var next = progress with { State = state };
        if (state.Step > progress.State.Step)
            _reporter.Step(
                state.Step, Get<int>("--max-steps"), state.Loss, Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
        if (state.Step > progress.State.Step && state.Step % Get<int>("--eval-every") == 0)
        {
            next = progress.After(state, Evaluate(model, state.Params, state.Step));
            _reporter.Evaluation(next.History[^1], HeldName);
            Say($"samples: {string.Join(' ', Sample(model, state.Params, WordsShownOnTheWay).Select(Text))}");
            Save(model, next, optimizer, Best(next, next.History[^1]));
        }
        clock = Stopwatch.GetTimestamp();
        return next;
    }

    /// <summary>Saves the end of a run, and gives the best parameters.</summary>
    /// <remarks>The last step need not be a regular evaluation. It counts for the model that is saved, but not for
    /// the state, so that a run that is resumed later goes on as if it had never stopped.</remarks>
    private P Finish<P, C>(Model<P, C> model, Transform optimizer, Progress<P> progress)
        where P : class
    {
        var last = progress.History is [.., var entry] && entry.Step == progress.State.Step
            ? entry
            : Evaluate(model, progress.State.Params, progress.State.Step);
        if (progress.History is not [.., var shown] || shown != last)
            _reporter.Evaluation(last, HeldName);
        var best = Best(progress, last);
        Save(model, progress, optimizer, best);
        Conclude(model, best);
        return best;
    }

    /// <summary>The losses of the model that is kept, with their standard errors.</summary>
    private void Conclude<P, C>(Model<P, C> model, P p)
    {
        var unseen = Corpus.Unseen;
        var rest = unseen.Count == Corpus.Test.Count || unseen.Count == 0
            ? ""
            : $"; on the {unseen.Count} of {Corpus.Test.Count} test words that are not in train: {Show(Loss(model, p, unseen))}";
        Say($"saved model's test loss: {Show(Loss(model, p, Corpus.Test))}{rest}");
    }

    private static string Show(LossSummary loss) => string.Create(
        CultureInfo.InvariantCulture, $"{loss.Nats:0.0000} ± {loss.StandardError:0.0000}");

    private static P Best<P>(Progress<P> progress, Evaluated last)
        where P : class =>
        progress.Best is { } best && progress.BestLoss <= last.Held ? best : progress.State.Params;

    private void Save<P, C>(Model<P, C> model, Progress<P> progress, Transform optimizer, P best)
        where P : class
    {
        OrStop(Checkpoint.SaveState(InWorkDir(StateFile), progress, optimizer, Card));
        OrStop(Checkpoint.SaveModel(InWorkDir(ModelFile), model, best, Card));
    }

    private void Introduce<P, C>(Model<P, C> model, P p)
    {
        Say($"{Corpus.Report}");
        Say($"vocabulary: {VocabSize} tokens; block size {BlockSize}");
        Say($"{model.Name}: {Tree.Count(p)} parameters");
    }

    private bool SampleOnly<P, C>(Model<P, C> model)
    {
        if (!Get<bool>("--sample-only"))
            return false;
        var template = Tree.To(model.Init(KeyFor(Purpose.Init)), Engine);
        ShowSamples(model, Else(Checkpoint.LoadModel(InWorkDir(ModelFile), template, Card)), Get<int>("--num"));
        return true;
    }

    private Evaluated Evaluate<P, C>(Model<P, C> model, P p, long step) =>
        new(step, Loss(model, p, Corpus.Train.Take(TrainWordsEvaluated)).Nats, Loss(model, p, Corpus.Held).Nats);

    private LossSummary Loss<P, C>(Model<P, C> model, P p, IEncodedWords words) =>
        Losses.Evaluate(model, p, new Batches(words, BlockSize, EvaluationBatch, Engine: Engine).InOrder());

    private void ShowSamples<P, C>(Model<P, C> model, P p, int count) =>
        _reporter.Samples(SampleGroups.Of(Sample(model, p, count), Corpus));

    private IEnumerable<Sample> Sample<P, C>(Model<P, C> model, P p, int count)
    {
        var topK = Get<int>("--top-k");
        var options = new SamplingOptions(
            (float)Get<double>("--temperature"), topK < 0 ? null : topK, (float)Get<double>("--top-p"),
            Get<int?>("--max-length") ?? BlockSize - 1);
        var prompt = Else(Corpus.Vocabulary.Encode(Get<string>("--prompt")));
        return Sampler.Words(model, p, KeyFor(Purpose.Samples), count, options, prompt);
    }

    private string Text(Sample sample) => Corpus.Vocabulary.Decode([.. sample.Tokens]) + (sample.IsFinished ? "" : "…");

    private void End()
    {
        _hasEnded = true;
        _reporter.Dispose();
        if (_isInterrupted)
            Environment.ExitCode = 130;
    }
}
