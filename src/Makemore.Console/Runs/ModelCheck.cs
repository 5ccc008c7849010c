using System.Globalization;

namespace Makemore;

/// <summary>What tells a person whether a tweak is sound, before any time goes into training it: --check-gradients and
/// --overfit-batch.</summary>
internal static class ModelCheck
{
    private const int WordsChecked = 4, MaxWordsTried = 10_000, OverfitSteps = 2000;
    private const double GradientTolerance = 0.03, ConsistencyTolerance = 1e-4, OverfitLoss = 0.05;

    /// <summary>Does the checks that were asked for.</summary>
    /// <returns>Whether all of them passed.</returns>
    public static bool IsSound<P, C>(RunContext run, Model<P, C> model, Learning<P> learning)
    {
        var p = run.Introduce(model, () => run.Init(model));
        if (run.Options.FindLr)
            LearningRateSweep.Show(run, p, learning);
        var isSound = true;
        if (run.Options.CheckGradients)
        {
            var batch = run.Batches(run.Corpus.Train, WordsChecked).At(run.KeyFor(Purpose.Batches), 0);
            isSound = AreGradientsRight(run, p, learning, batch) & IsConsistent(run, model, p, batch);
        }
        return (!run.Options.OverfitBatch || CanOverfit(run, model, p, learning)) && isSound;
    }

    /// <summary>Finite differences on a small batch, leaf by leaf.</summary>
    private static bool AreGradientsRight<P>(RunContext run, P p, Learning<P> learning, Batch batch)
    {
        var (grads, loss) = learning.Slope(TrainState<P>.Start(p, run.Options.ToOptimizer()), batch, new Key(0, 0));
        var rows = GradientCheck.Run(p, loss, grads, run.KeyFor(Purpose.Steps), perLeaf: 12);
        run.Reporter.Table(
            ["leaf", "checked", "max gradient", "error", ""],
            rows.Select(row => new[]
            {
                row.Name, $"{row.Checked}", Scientific(row.Largest), Scientific(row.Error), IsRight(row) ? "ok" : "WRONG",
            }));
        var wrong = rows.Where(row => !IsRight(row)).Select(row => row.Name).ToArray();
        run.Reporter.Say(wrong.Length == 0
            ? $"gradients: sound; all {rows.Count} leaves agree with finite differences"
            : $"gradients: NOT sound; look at what computes with {string.Join(", ", wrong)}");
        return wrong.Length == 0;
    }

    /// <summary>Whether sampling computes what training learned, and no position sees the character that it has to
    /// predict.</summary>
    private static bool IsConsistent<P, C>(RunContext run, Model<P, C> model, P p, Batch batch)
    {
        var (step, future, leaving) = (
            ModelChecks.StepError(model, p, batch.X), ModelChecks.FutureError(model, p, batch.X, run.Corpus.Vocabulary.Size),
            ModelChecks.LeavingError(model, p, batch.X));
        run.Reporter.Say(step <= ConsistencyTolerance
            ? "step: sound; it agrees with forward"
            : $"step: NOT sound; its logits differ from forward's by {Scientific(step)} of the largest");
        if (leaving > ConsistencyTolerance)
            run.Reporter.Say(
                $"step: NOT sound; its logits change by {Scientific(leaving)} of the largest when other words are finished and leave");
        run.Reporter.Say(future == 0
            ? "forward: sound; no position looks ahead"
            : $"forward: NOT sound; a later character changes the logits before it by {Scientific(future)} of the largest");
        return step <= ConsistencyTolerance && leaving <= ConsistencyTolerance && future == 0;
    }

    /// <summary>Drives the loss of one word to nearly 0. All its characters differ, so that even a model that sees only one of
    /// them can know the next.</summary>
    private static bool CanOverfit<P, C>(RunContext run, Model<P, C> model, P p, Learning<P> learning)
    {
        var optimizer = run.Options.ToDirection((float)run.Options.LearningRate, Schedules.Constant);
        var word = WordToOverfit(run.Corpus);
        var batch = new Batch(
            Tensor.Of([Vocabulary.Stop, .. word], [1, word.Length + 1], run.Engine),
            Tensor.Of([.. word, Vocabulary.Stop], [1, word.Length + 1], run.Engine));
        // A loss of the script's own need not go to 0.
        var crossEntropy = Training.CrossEntropy(model);
        var (steps, loss) = Training
            .Scan(learning.Step, TrainState<P>.Start(p, optimizer), _ => batch, run.KeyFor(Purpose.Steps))
            .Select(result => (result.State.Step, Loss: learning.IsUsual
                ? result.Loss.Item()
                : crossEntropy(result.State.Params, batch, new Key(0, 0)).Loss.Item()))
            .First(result => result.Loss < OverfitLoss || result.Step == OverfitSteps);
        var isSound = loss < OverfitLoss;
        run.Reporter.Say(string.Create(
            CultureInfo.InvariantCulture, $"one word, '{run.Corpus.Vocabulary.Decode(word)}': loss {loss:0.0000} after {steps} steps; ")
            + (isSound ? "sound, the model can memorize it" : "NOT sound, a model has to be able to memorize one word"));
        return isSound;
    }

    private static int[] WordToOverfit(Corpus corpus) => Enumerable.Range(0, (int)Math.Min(int.MaxValue, corpus.Train.Count))
        .Select(i => Piece(corpus, corpus.Train[i]))
        .Take(MaxWordsTried).Where(tokens => tokens.Distinct().Count() == tokens.Length)
        .Take(100).MaxBy(tokens => tokens.Length) ?? Piece(corpus, corpus.Train[0]);

    /// <summary>A word; the beginning of a document, up to where a character repeats or a window ends.</summary>
    private static int[] Piece(Corpus corpus, ReadOnlySpan<int> tokens)
    {
        var length = 0;
        while (length < Math.Min(tokens.Length, corpus.BlockSize - 1)
               && (!corpus.Windows || !tokens[..length].Contains(tokens[length])))
            length++;
        return tokens[..length].ToArray();
    }

    private static bool IsRight(GradientRow row) => row.Error <= GradientTolerance;

    private static string Scientific(double value) => value.ToString("0.0e+0", CultureInfo.InvariantCulture);
}
