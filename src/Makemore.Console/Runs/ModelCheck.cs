using System.Globalization;
using LanguageExt;

namespace Makemore;

/// <summary>The checks that replace training: --find-lr, --check-gradients and --overfit-batch.</summary>
internal static class ModelCheck
{
    private const int WordsChecked = 4, PlotColumns = 61;
    private const double GradientTolerance = 0.03, ConsistencyTolerance = 1e-4;
    private const string Right = "ok", Wrong = "WRONG", Unused = "UNUSED", NotANumber = "NOT A NUMBER", AtKinks = "AT KINKS";

    /// <summary>Runs the checks that the options ask for.</summary>
    /// <param name="run">The run.</param>
    /// <param name="model">The model.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="learning">How it is trained.</param>
    /// <returns>Whether all checks passed.</returns>
    public static bool IsSound<P, C>(RunContext run, Model<P, C> model, P p, Learning<P> learning)
    {
        run.Introduce(model, () => p);
        if (run.Options.FindLr)
            ShowLearningRates(run, p, learning);
        var isSound = true;
        if (run.Options.CheckGradients)
        {
            var batch = run.Corpus.Batches(run.Corpus.Train, WordsChecked, run.Engine).At(run.KeyFor(Purpose.Batches), 0);
            // Where parameters begin at 0, gradients and logits are 0 too, whatever the equations.
            var near = GradientCheck.Near(p, run.KeyFor(Purpose.Init));
            isSound = IsStartSound(run, model, p, batch) & AreGradientsRight(run, near, learning, batch)
                & IsConsistent(run, model, near, batch);
        }
        return (!run.Options.OverfitBatch || CanOverfit(run, model, p, learning)) && isSound;
    }

    /// <summary>Whether the loss before the first step is near that of a uniform guess.</summary>
    private static bool IsStartSound<P, C>(RunContext run, Model<P, C> model, P p, Batch batch)
    {
        var initial = InitialLoss.Of(model, p, batch, new Key(0, 0));
        var isSound = double.IsFinite(initial.Nats) && !initial.IsTooHigh;
        run.Reporter.Say(isSound
            ? $"start: sound; {ReporterSink.Show(initial)}"
            : $"start: NOT sound; {ReporterSink.Show(initial)}{(initial.IsTooHigh ? $"; {Remedies.WideLogits(initial)}" : "")}");
        return isSound;
    }

    /// <summary>Compares the gradients with finite differences on a small batch, leaf by leaf.</summary>
    private static bool AreGradientsRight<P>(RunContext run, P p, Learning<P> learning, Batch batch)
    {
        var (grads, loss) = learning.Gradient(TrainState<P>.Start(p, run.Options.ToOptimizer(run.Card.Vocabulary.Size)), batch, new Key(0, 0));
        var rows = GradientCheck.Run(p, loss, grads, run.KeyFor(Purpose.Steps), perLeaf: 12);
        run.Reporter.Table(
            ["leaf", "checked", "max gradient", "error", ""],
            rows.Select(row => new[]
            {
                row.Name, $"{row.Checked}", Scientific(row.Largest), Scientific(row.Error), Verdict(row),
            }));
        var wrong = rows.Where(row => Verdict(row) != Right).GroupBy(Verdict, row => row.Name).ToArray();
        if (wrong.Length == 0)
            run.Reporter.Say($"gradients: sound; all {rows.Count} leaves agree with finite differences");
        foreach (var rowsOfVerdict in wrong)
            run.Reporter.Say($"gradients: NOT sound; {Explain(rowsOfVerdict.Key)} {string.Join(", ", rowsOfVerdict)}");
        return wrong.Length == 0;
    }

    /// <summary>Whether Step agrees with Forward, and no position sees later characters.</summary>
    private static bool IsConsistent<P, C>(RunContext run, Model<P, C> model, P p, Batch batch)
    {
        var (step, future, leaving) = (
            ModelChecks.StepError(model, p, batch.X), ModelChecks.FutureError(model, p, batch.X, run.Corpus.Vocabulary.Size),
            ModelChecks.LeavingError(model, p, batch.X));
        if (double.IsNaN(step + leaving + future))
        {
            run.Reporter.Say("forward: NOT sound; some of its logits, or of step's, are not a number");
            return false;
        }
        run.Reporter.Say(step <= ConsistencyTolerance
            ? "step: sound; it agrees with forward"
            : $"step: NOT sound; its logits differ from forward's by {Scientific(step)} relative to the largest");
        if (leaving > ConsistencyTolerance)
            run.Reporter.Say(
                $"step: NOT sound; its logits change by {Scientific(leaving)} relative to the largest when finished words leave the batch");
        run.Reporter.Say(future <= ModelChecks.Rounding
            ? "forward: sound; no position sees later characters"
                + (future > 0 ? $", which change the logits before them only by rounding, {Scientific(future)} of the largest" : "")
            : $"forward: NOT sound; a later character changes the logits before it by {Scientific(future)} relative to the largest");
        return step <= ConsistencyTolerance && leaving <= ConsistencyTolerance && future <= ModelChecks.Rounding;
    }

    private static bool CanOverfit<P, C>(RunContext run, Model<P, C> model, P p, Learning<P> learning)
    {
        var optimizer = run.Options.ToDirection(run.Card.Vocabulary.Size, (float)run.Options.LearningRate, Schedules.Constant);
        var check = OverfitCheck.Of(
            learning.Step, TrainState<P>.Start(p, optimizer),
            // A loss of the script's own need not approach 0.
            (result, batch) => learning.IsCrossEntropy ? result.Loss.Item() : CrossEntropy(model, result.State.Params, batch),
            run.Corpus, run.KeyFor(Purpose.Steps));
        run.Reporter.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"one word, '{run.Corpus.Vocabulary.Show([.. check.Word])}': loss {check.Loss:0.0000} after {check.Steps} steps; ")
            + (check.IsSound ? "sound, the model can memorize it"
                : double.IsFinite(check.Loss) ? "NOT sound, a model should be able to memorize one word"
                : "NOT sound, the loss is not a finite number"));
        return check.IsSound;
    }

    private static float CrossEntropy<P, C>(Model<P, C> model, P p, Batch batch)
    {
        using var region = Region.Root.Open();
        return Training.CrossEntropy(model)(Tree.In(p, region), batch, new Key(0, 0)).Loss.Item();
    }

    private static void ShowLearningRates<P>(RunContext run, P p, Learning<P> learning)
    {
        var sweep = LearningRateSweep.Of(
            learning.Step, p, schedule => run.Options.ToDirection(run.Card.Vocabulary.Size, 1, schedule), run.OpenTrainBatches(), run.KeyFor(Purpose.Steps));
        if (sweep.Losses is not [var first, ..] losses)
        {
            run.Reporter.Say($"rate: the initial loss is not finite; {Remedies.InitialLossNotFinite}");
            return;
        }
        var ceiling = first + (first - losses.Min());
        var columns = Enumerable.Range(0, PlotColumns)
            .Select(column => column * (LearningRateSweep.Steps - 1) / (PlotColumns - 1))
            .Select(i => i < losses.Count && losses[i] <= ceiling ? losses[i] : double.NaN);
        foreach (var line in TextPlot.Lines([.. columns], ["1e-4", "1e-3", "1e-2", "1e-1", "1"]))
            run.Reporter.Say(line);
        run.Reporter.Say(
            $"rate: the loss is lowest at {Scientific(sweep.Lowest)}; try --learning-rate {Scientific(sweep.Suggested)}");
    }

    private static string Verdict(GradientRow row) =>
        double.IsNaN(row.Error) ? NotANumber
        : row.Error > GradientTolerance ? Wrong
        : row.IsUnused ? Unused
        : row.Checked == 0 ? AtKinks
        : Right;

    private static string Explain(string verdict) => verdict switch
    {
        NotANumber => "the loss, or its gradient, is not a finite number, with respect to",
        Unused => "the loss does not depend on",
        AtKinks => "the loss has no derivative at any element checked of",
        _ => "check the operations on",
    };

    private static string Scientific(double value) => value.ToString("0.0e+0", CultureInfo.InvariantCulture);
}
