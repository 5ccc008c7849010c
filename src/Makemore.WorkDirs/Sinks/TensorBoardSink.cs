using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>Writes the losses of a run to an event file for TensorBoard.</summary>
internal static class TensorBoardSink
{
    private const string BatchLoss = "loss/batch";

    /// <summary>The sink of a run. The file of a resumed run begins with what metrics.jsonl has.</summary>
    /// <param name="workDir">The work dir.</param>
    /// <param name="measure">What metrics.jsonl has of an evaluation.</param>
    public static Sink Of<P>(string workDir, Func<RunEvent.Evaluated, Metrics> measure)
        where P : class
    {
        var (file, values) = (Path.Combine(workDir, WorkFiles.EventsFile), new List<(long, string, double)>());
        return happened =>
        {
            switch (happened)
            {
                case RunEvent.Started<P> started:
                    return Start(started.Progress.State.Step);
                case RunEvent.Stepped step:
                    values.Add((step.Step, BatchLoss, step.Loss));
                    return unit;
                case RunEvent.Evaluated evaluated:
                    values.AddRange(Values(measure(evaluated)));
                    break;
            }
            var written = values.ToArray();
            values.Clear();
            return written.Length == 0 ? unit : EventFile.Append(file, written);
        };

        Either<Fault, Unit> Start(long step) =>
            from before in step > 0
                ? MetricsSink.Read(Path.Combine(workDir, WorkFiles.MetricsFile))
                : (Either<Fault, LearningCurves>)LearningCurves.None
            from _ in EventFile.Start(file, Values(before).Where(value => value.Step <= step))
            select _;
    }

    private static IEnumerable<(long Step, string Name, double Value)> Values(LearningCurves curves) =>
        curves.Batches.Select(batch => (batch.Step, BatchLoss, batch.BatchLoss)).Concat(curves.Evaluations.SelectMany(Values));

    private static IEnumerable<(long Step, string Name, double Value)> Values(Metrics metrics) =>
        new (string Name, double? Value)[]
        {
            ("loss/train", metrics.TrainLoss), ($"loss/{metrics.HeldOut}", metrics.HeldOutLoss), ("learning_rate", metrics.LearningRate),
            ("gradient_norm", metrics.GradientNorm), ("words_per_second", metrics.WordsPerSecond),
        }.SelectMany(named => named.Value is { } value ? new[] { (metrics.Step, named.Name, value) } : []);
}
