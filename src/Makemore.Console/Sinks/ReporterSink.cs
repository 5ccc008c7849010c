using System.Globalization;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>Shows a run in progress.</summary>
internal static class ReporterSink
{
    /// <summary>The sink of a run.</summary>
    public static Sink Of<P>(RunContext run)
        where P : class
    {
        var snapshots = new List<Diagnosis>();
        Evaluation? last = null;
        return happened =>
        {
            last = happened is RunEvent.Evaluated { Evaluation: var evaluation } ? evaluation : last;
            Show<P>(run, happened, snapshots, last);
            return unit;
        };
    }

    /// <summary>An initial loss, and what to compare it with.</summary>
    public static string Show(InitialLoss initial) =>
        $"the loss before the first step is {Numbers.Nats(initial.Nats)}, that of a uniform guess ln {initial.Vocabulary} = "
        + Numbers.Nats(initial.Uniform);

    private static void Show<P>(RunContext run, RunEvent happened, List<Diagnosis> snapshots, Evaluation? last)
        where P : class
    {
        var (reporter, options) = (run.Reporter, run.Options);
        switch (happened)
        {
            case RunEvent.Started<P> { Progress.State.Step: var step } when options.Resume && step >= options.MaxSteps:
                reporter.Say($"the saved run is already at step {step}; {Remedies.AllStepsTaken}");
                break;
            case RunEvent.Started<P> { Initial: { } initial }:
                reporter.Say(initial.IsTooHigh ? $"warning: {Show(initial)}; {Remedies.WideLogits(initial)}" : Show(initial));
                break;
            case RunEvent.Stepped step:
                reporter.Step(step.Step, options.MaxSteps, step.Loss, step.Milliseconds);
                break;
            case RunEvent.Evaluated { Evaluation: var evaluation }:
                run.Show(evaluation);
                break;
            case RunEvent.Warned warned:
                reporter.Say(Warning(run.HeldName, warned));
                break;
            case RunEvent.Sampled { Samples: { Length: > 0 } samples }:
                reporter.Say($"samples: {string.Join(' ', samples.Select(run.Text))}");
                break;
            case RunEvent.Diagnosed { Diagnosis: var diagnosis }:
                snapshots.Add(diagnosis);
                break;
            case RunEvent.Ended<P> ended:
                reporter.EndSteps();
                if (ended.Reason is StopReason.MaxTime)
                    reporter.Say($"stopped: the time limit of {options.MaxSeconds} s is reached");
                if (ended.Reason is StopReason.OutOfPatience)
                    reporter.Say($"stopped: the {run.HeldName} loss has not improved in {options.Patience} evaluations");
                if (snapshots.Count > 0)
                    DiagnosisTable.Show(reporter, snapshots);
                if (ended.Reason is not StopReason.NotFinite && last is { Step: > 0 }
                    && IsAboveUniform(run, last.Held - (double.IsFinite(last.StandardError) ? last.StandardError : 0)))
                    reporter.Say(AboveUniform(run, last));
                break;
        }
    }

    private static string AboveUniform(RunContext run, Evaluation last) =>
        $"warning: the run ends at a {run.HeldName} loss of {Numbers.Nats(last.Held)}, above that of a uniform guess, ln "
        + $"{run.Corpus.Vocabulary.Size} = {Numbers.Nats(Uniform(run))}: "
        + (IsAboveUniform(run, last.Train)
            ? $"it diverged, or has hardly begun; {Remedies.Diverged}"
            : $"the model overfits; {Remedies.Overfitting}");

    private static bool IsAboveUniform(RunContext run, double loss) => !(loss <= Uniform(run));

    private static double Uniform(RunContext run) => Math.Log(run.Corpus.Vocabulary.Size);

    private static string Warning(string held, RunEvent.Warned warned) => string.Create(
        CultureInfo.InvariantCulture,
        $"warning: since step {warned.Best.Step} the {held} loss has risen from {warned.Best.Held:0.0000} to {warned.Now.Held:0.0000} ")
        + $"while the training loss fell: the model overfits; {Remedies.Overfitting}";
}
