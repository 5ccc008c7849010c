using System.Text.Json;

namespace Makemore;

public sealed partial class Run
{
    private const int TrainWordsEvaluated = 1000;

    private ISession? _session;
    private Func<long, Batch>? _batches;
    private float _gradientNorm;

    /// <summary>
    /// The states of a training run: from the start, or from the saved state with --resume, up to --max-steps, to the end
    /// of --patience or of --max-seconds, or to Ctrl-C. With --sample-only or --evaluate, or to check a tweak, there are none.
    /// </summary>
    public IEnumerable<TrainState<P>> Train<P, C>(Model<P, C> model, Transform optimizer)
        where P : class
    {
        if (Compute(() => UseSaved(model) || Check(model)))
            yield break;
        var p = Compute(() => Tree.To(model.Init(KeyFor(Purpose.Init)), Engine));
        var isResumed = Get<bool>("--resume");
        var start = isResumed
            ? Compute(() => Else(Checkpoint.LoadState(InWorkDir(StateFile), p, optimizer, Card)))
            : new Progress<P>(TrainState<P>.Start(p, optimizer), null, []);
        var diagnostics = Get<bool>("--diagnose") ? new Diagnostics(Get<int>("--accumulate")) : null;
        // A work dir that cannot be written to should be known now, not at the first evaluation.
        if (!isResumed)
            OrStop(AtomicFile.Write(InWorkDir(MetricsFile), _ => { }));
        if (!isResumed && diagnostics is not null)
            OrStop(AtomicFile.Write(InWorkDir(DiagnosticsFile), _ => { }));
        IntroduceWords();
        Introduce(model, p);
        _session = new Session<P, C>(this, model, optimizer, start, diagnostics);
        if (start.State.Step >= MaxSteps && isResumed)
            Say($"the saved run stands at step {start.State.Step} already; a larger --max-steps takes it further");
        _isTraining = true;
        using var states = Training.Scan(
            model, diagnostics?.Around(optimizer) ?? optimizer, start.State, BatchAt, KeyFor(Purpose.Steps),
            (float)Get<double>("--label-smoothing")).GetEnumerator();
        while (Compute(states.MoveNext))
        {
            yield return states.Current;
            if (states.Current.Step >= MaxSteps || _isInterrupted || _session.IsOver)
                yield break;
        }
    }

    /// <summary>Shows a state: the step's loss, and now and then an evaluation, samples, and a checkpoint.</summary>
    public void Show<P>(TrainState<P> state) => Compute(() => _session!.Show(state));

    /// <summary>Ends a training run: the best model is saved, and samples are shown.</summary>
    public void Finish<P, C>(Model<P, C> model)
        where P : class
    {
        if (_session is not null)
            Compute(() =>
            {
                _session.Finish();
                Report(model, _session.Step, _session.MillisecondsPerStep);
            });
        End();
    }

    /// <summary>Ends the run of a model that needs no training: its losses, its checkpoint, samples.</summary>
    public void Finish<P, C>(Model<P, C> model, Func<P> fit)
        where P : class
    {
        Compute(() =>
        {
            if (!UseSaved(model))
                Fit(model, fit);
        });
        End();
    }

    private void Fit<P, C>(Model<P, C> model, Func<P> fit)
        where P : class
    {
        IntroduceWords();
        OrStop(AtomicFile.Write(InWorkDir(MetricsFile), _ => { }));
        var p = Tree.To(fit(), Engine);
        Introduce(model, p);
        Reporter.Evaluation(Evaluate(model, p, 0), HeldName);
        OrStop(Checkpoint.SaveModel(InWorkDir(ModelFile), model, p, Card));
        Conclude(model, p);
        Report(model, null, null);
    }

    internal string HeldName => Corpus.Validation.Count > 0 ? "validation" : "test";

    internal int MaxSteps => Get<int>("--max-steps");

    /// <summary>The losses of a model on its way: on some training words, and on the held-out ones.</summary>
    internal Evaluated Evaluate<P, C>(Model<P, C> model, P p, long step)
    {
        var held = Loss(model, p, Corpus.Held);
        return new(step, Loss(model, p, Corpus.Train.Take(TrainWordsEvaluated), TrainWordsEvaluated).Nats, held.Nats, held.StandardError);
    }

    /// <summary>Says the losses of the model that is kept, with their standard errors.</summary>
    internal void Conclude<P, C>(Model<P, C> model, P p)
    {
        var unseen = Read(() => Corpus.Unseen);
        var rest = unseen.Count == Corpus.Test.Count || unseen.Count == 0
            ? ""
            : $"; on the {unseen.Count} of {Corpus.Test.Count} test words that are not in train: {Numbers.Show(Loss(model, p, unseen))}";
        Say($"saved model's test loss: {Numbers.Show(Loss(model, p, Corpus.Test))}{rest}");
    }

    /// <summary>Adds a line to the file of metrics for other tools.</summary>
    internal void WriteMetrics(Evaluated entry, double millisecondsPerStep)
    {
        var line = JsonSerializer.Serialize(
            new Metrics(
                entry.Step, entry.Train, HeldName, entry.Held, entry.StandardError, LearningRate * RateFactor(entry.Step - 1),
                _gradientNorm, millisecondsPerStep, Get<int>("--batch-size") / millisecondsPerStep * 1000),
            MetricsJson.Default.Metrics);
        OrStop(AtomicFile.AppendLine(InWorkDir(MetricsFile), line));
    }

    /// <summary>Words from a model, as the options say; always the same ones.</summary>
    internal IEnumerable<Sample> Sample<P, C>(Model<P, C> model, P p, int count)
    {
        var topK = Get<int>("--top-k");
        var options = new SamplingOptions(
            (float)Get<double>("--temperature"), topK < 0 ? null : topK, (float)Get<double>("--top-p"),
            Get<int?>("--max-length") ?? BlockSize - 1);
        var prompt = Else(Corpus.Vocabulary.Encode(Get<string>("--prompt")));
        return Sampler.Words(model, p, KeyFor(Purpose.Samples), count, options, prompt);
    }

    internal string Text(Sample sample) =>
        Corpus.Vocabulary.Decode([.. sample.Tokens]) + (sample.IsFinished ? "" : SampleGroups.CutMark);

    internal Key KeyAt(long step) => KeyFor(Purpose.Steps).At(step);

    internal Batch BatchAt(long step) => Read(() =>
    {
        _batches ??= Batches(Corpus.Train, Get<int>("--batch-size")).Prefetched(KeyFor(Purpose.Batches));
        return _batches(step);
    });

    private Batches Batches(IEncodedWords words, int size) =>
        new(words, BlockSize, size, Engine: Engine, Windows: Corpus.Windows);

    /// <summary>What comes from a words file that is read as the run goes on, which may fail at any time.</summary>
    private T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (IOException e)
        {
            throw Stop(Fault.Of(e.Message));
        }
    }

    private void IntroduceWords()
    {
        Say(DataLine.Of(Read(() => Corpus.Report)));
        Say($"vocabulary: {VocabSize} tokens; block size {BlockSize}");
    }

    private void Introduce<P, C>(Model<P, C> model, P p) => Say($"{model.Name}: {Tree.Count(p)} parameters");

    /// <summary>Samples by where else they stand.</summary>
    private SampleGroups Grouped<P, C>(Model<P, C> model, P p) =>
        Read(() => SampleGroups.Of(Sample(model, p, Get<int>("--num")), Corpus));

    /// <summary>The loss on some words, or, with windows, on at most so many of them.</summary>
    private LossSummary Loss<P, C>(Model<P, C> model, P p, IEncodedWords words, int most = int.MaxValue) => Read(() =>
    {
        var batches = Batches(words, ModelEvaluation.WordsInABatch).InOrder();
        return Losses.Evaluate(model, p, most == int.MaxValue ? batches : batches.Take((most / ModelEvaluation.WordsInABatch) + 1));
    });

    private void End()
    {
        _isTraining = false;
        Reporter.Dispose();
        if (_isInterrupted)
            Environment.ExitCode = 130;
    }
}
