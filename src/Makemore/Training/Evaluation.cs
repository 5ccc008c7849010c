namespace Makemore;

/// <summary>An evaluation during a run, in nats per token.</summary>
/// <param name="Step">The number of steps taken.</param>
/// <param name="Train">The loss on some training words.</param>
/// <param name="Held">The loss on the held-out words.</param>
/// <param name="StandardError">The standard error of the latter over words.</param>
public sealed record Evaluation(long Step, double Train, double Held, double StandardError);
