using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>Writes a line of metrics.jsonl for each regular evaluation.</summary>
internal static class MetricsSink
{
    /// <summary>The sink of a run; the file starts empty unless the run is resumed.</summary>
    public static Either<Fault, Sink> Open(RunContext run) =>
        JsonFile.StartLines(run.InWorkDir(RunContext.MetricsFile), run.Options.Resume).Map<Sink>(file => happened =>
            happened is RunEvent.Evaluated { IsRegular: true } evaluated
                ? JsonFile.AppendLine(file, ToMetrics(run, evaluated))
                : unit);

    /// <summary>The evaluations in a metrics.jsonl, by step; none if there is no such file. If a step was evaluated twice,
    /// because the run was resumed before it, the last one counts.</summary>
    public static Either<Fault, Metrics[]> Read(string path) => JsonFile.ReadLines<Metrics>(path).Map(entries =>
        entries.GroupBy(entry => entry.Step).Select(group => group.Last()).OrderBy(entry => entry.Step).ToArray());

    private static Metrics ToMetrics(RunContext run, RunEvent.Evaluated evaluated)
    {
        var (evaluation, milliseconds) = (evaluated.Evaluation, evaluated.MillisecondsPerStep!.Value);
        return new(
            evaluation.Step, evaluation.Train, run.HeldName, evaluation.Held, evaluation.StandardError,
            run.Options.LearningRateAt(evaluation.Step - 1), evaluated.GradientNorm!.Value, milliseconds,
            run.Options.BatchSize / milliseconds * 1000);
    }
}
