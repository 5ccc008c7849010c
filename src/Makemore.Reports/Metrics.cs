namespace Makemore;

/// <summary>A line of metrics.jsonl: an evaluation. A model that is counted has one, with null for everything about steps.</summary>
/// <param name="Step">The number of steps taken.</param>
/// <param name="TrainLoss">The loss on some training words, in nats per token.</param>
/// <param name="HeldOut">Which words are held out: validation or test.</param>
/// <param name="HeldOutLoss">The loss on them.</param>
/// <param name="StandardError">Its standard error over words.</param>
/// <param name="LearningRate">The learning rate of the last step.</param>
/// <param name="GradientNorm">The norm of the last step's gradient, before clipping.</param>
/// <param name="MillisecondsPerStep">The median since the previous evaluation.</param>
/// <param name="WordsPerSecond">Training words per second at that rate.</param>
public sealed record Metrics(
    long Step, double TrainLoss, string HeldOut, double HeldOutLoss, double StandardError, double? LearningRate,
    double? GradientNorm, double? MillisecondsPerStep, double? WordsPerSecond);

/// <summary>A line of metrics.jsonl: the losses that training steps reported.</summary>
/// <param name="Step">The number of steps taken.</param>
/// <param name="BatchLoss">The mean loss of the batches since the line before, in nats per token.</param>
public sealed record BatchMetrics(long Step, double BatchLoss);

/// <summary>The first line of metrics.jsonl: the loss before the first step.</summary>
/// <param name="Step">0.</param>
/// <param name="InitialLoss">The loss of the first training batch, in nats per token.</param>
/// <param name="UniformLoss">That of a uniform guess, ln V.</param>
public sealed record InitialMetrics(long Step, double InitialLoss, double UniformLoss);

/// <summary>A line of metrics.jsonl: samples from the model at an evaluation.</summary>
/// <param name="Step">The number of steps taken.</param>
/// <param name="Samples">The samples, as they are shown.</param>
internal sealed record SampledMetrics(long Step, IReadOnlyList<string> Samples);
