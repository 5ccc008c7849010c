namespace Makemore;

/// <summary>A line of metrics.jsonl: an evaluation.</summary>
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
    long Step, double TrainLoss, string HeldOut, double HeldOutLoss, double StandardError, double LearningRate,
    double GradientNorm, double MillisecondsPerStep, double WordsPerSecond);
