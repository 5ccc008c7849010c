using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>Writes metrics.jsonl: a line for the loss before the first step, for every few batches, for each evaluation and its
/// samples.</summary>
internal static class MetricsSink
{
    /// <summary>The number of batches whose mean loss is a line.</summary>
    private const int Interval = 10;

    /// <summary>The sink of a run; the file starts empty unless the run is resumed. The losses of batches are written before the
    /// next evaluation or checkpoint, so that most steps touch no file.</summary>
    /// <param name="workDir">The work dir.</param>
    /// <param name="isResumed">Whether the run is resumed.</param>
    /// <param name="measure">The line of an evaluation.</param>
    /// <param name="show">A sample as text.</param>
    public static Either<Fault, Sink> Open<P>(
        string workDir, bool isResumed, Func<RunEvent.Evaluated, Metrics> measure, Func<Sample, string> show)
        where P : class =>
        JsonFile.StartLines(Path.Combine(workDir, WorkFiles.MetricsFile), isResumed).Map<Sink>(file =>
        {
            var (losses, means) = (new List<double>(), new List<BatchMetrics>());
            var last = 0L;
            return happened => happened switch
            {
                RunEvent.Started<P> { Initial: { } initial } =>
                    JsonFile.AppendLines(file, [new InitialMetrics(0, initial.Nats, initial.Uniform)]),
                RunEvent.Stepped step => Collect(step),
                RunEvent.Evaluated evaluated => Write().Bind(_ => JsonFile.AppendLines(file, measure(evaluated))),
                RunEvent.Sampled { Samples: { Length: > 0 } samples } =>
                    JsonFile.AppendLines(file, new SampledMetrics(last, [.. samples.Select(show)])),
                RunEvent.Saved<P> or RunEvent.Ended<P> => Write(),
                _ => unit,
            };

            Unit Collect(RunEvent.Stepped step)
            {
                losses.Add(step.Loss);
                last = step.Step;
                return losses.Count == Interval ? Mean() : unit;
            }

            Unit Mean()
            {
                if (losses.Count > 0)
                    means.Add(new(last, losses.Average()));
                losses.Clear();
                return unit;
            }

            Either<Fault, Unit> Write()
            {
                Mean();
                var written = means.ToArray();
                means.Clear();
                return JsonFile.AppendLines(file, written);
            }
        });

    /// <summary>The contents of a metrics.jsonl; nothing if there is no such file.</summary>
    public static Either<Fault, LearningCurves> Read(string path) => InputFile.ReadLines(path).Map(CurvesIn);

    /// <summary>The losses in the lines of a metrics.jsonl. If a step was taken twice, because the run was resumed before it, the last one
    /// counts.</summary>
    public static LearningCurves CurvesIn(string[] lines) => new(
        JsonFile.InLines<InitialMetrics>(lines).LastOrDefault(),
        [.. Last(JsonFile.InLines<BatchMetrics>(lines), entry => entry.Step)],
        [.. Last(JsonFile.InLines<Metrics>(lines), entry => entry.Step)]);

    private static IEnumerable<T> Last<T>(IEnumerable<T> entries, Func<T, long> step) =>
        entries.GroupBy(step).Select(group => group.Last()).OrderBy(step);
}
