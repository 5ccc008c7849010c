using System.Collections.Immutable;

namespace Makemore;

/// <summary>How the loss changed during training: the contents of metrics.jsonl.</summary>
/// <param name="Initial">The loss before the first step; null for a model that is counted.</param>
/// <param name="Batches">The losses of batches, by step.</param>
/// <param name="Evaluations">The evaluations, by step.</param>
public sealed record LearningCurves(
    InitialMetrics? Initial, ImmutableArray<BatchMetrics> Batches, ImmutableArray<Metrics> Evaluations)
{
    private const int MaxBatchPoints = 200;

    /// <summary>No curves.</summary>
    public static LearningCurves None { get; } = new(null, [], []);

    /// <summary>The losses as lines from the first step to the last; empty for a model that is counted.</summary>
    public ImmutableArray<ChartLine> Losses => Batches.IsEmpty ? [] :
    [
        .. Evaluations.IsEmpty ? [] : new[]
        {
            new ChartLine("training words", [.. Evaluations.Select(entry => new ChartPoint(entry.Step, entry.TrainLoss))]),
            new(
                $"{Evaluations[0].HeldOut} words",
                [.. Evaluations.Select(entry => new ChartPoint(entry.Step, entry.HeldOutLoss, entry.StandardError))]),
        },
        new("batches", [.. BatchPoints]),
        .. Initial is { UniformLoss: var uniform }
            ? new[] { new ChartLine("uniform guess", [new(0, uniform), new(Batches[^1].Step, uniform)], IsReference: true) }
            : [],
    ];

    /// <summary>The initial loss, and the means of groups of batches, few enough for a chart.</summary>
    private IEnumerable<ChartPoint> BatchPoints =>
    [
        .. Initial is { InitialLoss: var loss } ? new[] { new ChartPoint(0, loss) } : [],
        .. Batches.Chunk((Batches.Length + MaxBatchPoints - 1) / MaxBatchPoints)
            .Select(group => new ChartPoint(group[^1].Step, group.Average(entry => entry.BatchLoss))),
    ];
}
