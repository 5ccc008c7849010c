using System.Globalization;

namespace Makemore;

/// <summary>What tells a person whether a tweak is sound, and how fast it can learn, before any time goes into training
/// it.</summary>
public sealed partial class Run
{
    private const int WordsChecked = 4;
    private const int MaxWordsTried = 10_000;
    private const double GradientTolerance = 0.03;
    private const double ConsistencyTolerance = 1e-4;
    private const int OverfitSteps = 2000;
    private const double OverfitLoss = 0.05;

    /// <summary>Does the checks that were asked for; whether there were any.</summary>
    private bool Check<P, C>(Model<P, C> model)
    {
        if (!Get<bool>("--check-gradients") && !Get<bool>("--overfit-batch") && !Get<bool>("--find-lr"))
            return false;
        var p = Tree.To(model.Init(KeyFor(Purpose.Init)), Engine);
        IntroduceWords();
        Introduce(model, p);
        if (Get<bool>("--find-lr"))
            FindRate(model, p);
        var isSound = !Get<bool>("--check-gradients") || CheckGradients(model, p);
        isSound &= !Get<bool>("--overfit-batch") || OverfitBatch(model, p);
        Environment.ExitCode = isSound ? 0 : 1;
        return true;
    }

    /// <summary>Finite differences on a small batch, leaf by leaf.</summary>
    private bool CheckGradients<P, C>(Model<P, C> model, P p)
    {
        var batch = Batches(Corpus.Train, WordsChecked).At(KeyFor(Purpose.Batches), 0);
        var rows = GradientCheck.Run(
            p, q => CrossEntropy(model, q, batch), KeyFor(Purpose.Steps), perLeaf: 12);
        Reporter.Table(
            ["leaf", "checked", "largest gradient", "error", ""],
            rows.Select(row => new[]
            {
                row.Name, $"{row.Checked}", Scientific(row.Largest), Scientific(row.Error), IsRight(row) ? "ok" : "WRONG",
            }));
        var wrong = rows.Where(row => !IsRight(row)).Select(row => row.Name).ToArray();
        Say(wrong.Length == 0
            ? $"gradients: sound; all {rows.Count} leaves agree with finite differences"
            : $"gradients: NOT sound; look at what computes with {string.Join(", ", wrong)}");
        return CheckConsistency(model, p, batch) && wrong.Length == 0;
    }

    /// <summary>That sampling computes what training learned, and that no position sees the character it has to
    /// predict.</summary>
    private bool CheckConsistency<P, C>(Model<P, C> model, P p, Batch batch)
    {
        var (step, future) = (ModelChecks.StepError(model, p, batch.X), ModelChecks.FutureError(model, p, batch.X, VocabSize));
        Say(step <= ConsistencyTolerance
            ? "step: sound; it gives what forward gives"
            : $"step: NOT sound; its logits differ from forward's by {Scientific(step)} of the largest");
        var leaving = ModelChecks.LeavingError(model, p, batch.X);
        if (leaving > ConsistencyTolerance)
            Say($"step: NOT sound; its logits change by {Scientific(leaving)} of the largest when other words are finished and leave");
        Say(future == 0
            ? "forward: sound; no position looks ahead"
            : $"forward: NOT sound; a later character changes the logits before it by {Scientific(future)} of the largest");
        return step <= ConsistencyTolerance && leaving <= ConsistencyTolerance && future == 0;
    }

    /// <summary>Drives the loss of one word to nearly 0. Its characters all differ, so that even a model that sees only
    /// one of them can know the next.</summary>
    private bool OverfitBatch<P, C>(Model<P, C> model, P p)
    {
        var optimizer = Direction(LearningRate, Schedules.Constant);
        var word = Enumerable.Range(0, (int)Math.Min(int.MaxValue, Corpus.Train.Count))
            .Select(i => Piece(Corpus.Train[i]))
            .Take(MaxWordsTried).Where(tokens => tokens.Distinct().Count() == tokens.Length)
            .Take(100).MaxBy(tokens => tokens.Length) ?? Piece(Corpus.Train[0]);
        var batch = new Batch(
            Tensor.Of([Vocabulary.Stop, .. word], [1, word.Length + 1], Engine),
            Tensor.Of([.. word, Vocabulary.Stop], [1, word.Length + 1], Engine));
        var end = Training
            .Scan(model, optimizer, TrainState<P>.Start(p, optimizer), _ => batch, KeyFor(Purpose.Steps))
            .First(state => state.Loss < OverfitLoss || state.Step == OverfitSteps || _isInterrupted);
        var isSound = end.Loss < OverfitLoss;
        Say(string.Create(CultureInfo.InvariantCulture,
            $"one word, '{Corpus.Vocabulary.Decode(word)}': loss {end.Loss:0.0000} after {end.Step} steps; ")
            + (isSound ? "sound, the model can learn it by heart" : "NOT sound, a model has to learn one word by heart"));
        return isSound;
    }

    /// <summary>A word; of a document, its beginning, as far as no character comes again and a window reaches.</summary>
    private int[] Piece(ReadOnlySpan<int> tokens)
    {
        var length = 0;
        while (length < Math.Min(tokens.Length, BlockSize - 1) && (!Corpus.Windows || !tokens[..length].Contains(tokens[length])))
            length++;
        return tokens[..length].ToArray();
    }

    private static Tensor CrossEntropy<P, C>(Model<P, C> model, P p, Batch batch) =>
        Primitives.CrossEntropy(model.Train(p, batch, new Key(0, 0)).Logits, batch.Y);

    private static bool IsRight(GradientRow row) => row.Error <= GradientTolerance;

    private static string Scientific(double value) => value.ToString("0.0e+0", CultureInfo.InvariantCulture);
}
