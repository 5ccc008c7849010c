using System.Collections.Immutable;

namespace Makemore;

/// <summary>An event of a training run. A run is a stream of events; everything that is shown or written is a function of that
/// stream.</summary>
public abstract record RunEvent
{
    private RunEvent()
    {
    }

    /// <summary>The run begins, or resumes.</summary>
    /// <param name="Progress">Where it begins.</param>
    /// <param name="Initial">The loss before the first step; null if the run resumes.</param>
    public sealed record Started<P>(Progress<P> Progress, InitialLoss? Initial) : RunEvent
        where P : class;

    /// <summary>A step was taken.</summary>
    /// <param name="Step">The number of steps taken.</param>
    /// <param name="Loss">The loss of the batch before the step, in nats per token.</param>
    /// <param name="Milliseconds">The time of the step, including its batch.</param>
    public sealed record Stepped(long Step, double Loss, double Milliseconds) : RunEvent;

    /// <summary>The model was evaluated.</summary>
    /// <param name="Evaluation">Its losses.</param>
    /// <param name="IsRegular">Whether the evaluation is one of those at regular intervals, which are part of the run's history.
    /// The one at the end need not be.</param>
    /// <param name="GradientNorm">The norm of the last step's gradient, before clipping; null if not regular.</param>
    /// <param name="MillisecondsPerStep">The median since the previous regular evaluation; null if no step was taken.</param>
    public sealed record Evaluated(Evaluation Evaluation, bool IsRegular, double? GradientNorm, double? MillisecondsPerStep)
        : RunEvent;

    /// <summary>The model was sampled from.</summary>
    /// <param name="Samples">A few samples.</param>
    public sealed record Sampled(ImmutableArray<Sample> Samples) : RunEvent;

    /// <summary>A step was inspected.</summary>
    /// <param name="Diagnosis">Its activations, gradients and updates.</param>
    public sealed record Diagnosed(Diagnosis Diagnosis) : RunEvent;

    /// <summary>The model begins to overfit: the held-out loss rises while the training loss falls.</summary>
    /// <param name="Best">The evaluation with the lowest held-out loss.</param>
    /// <param name="Now">The last evaluation.</param>
    public sealed record Warned(Evaluation Best, Evaluation Now) : RunEvent;

    /// <summary>A checkpoint is due.</summary>
    /// <param name="Progress">What is needed to resume the run. Its state is recycled two steps later, unless
    /// <see cref="TrainState{P}.Keep"/> is called.</param>
    /// <param name="Best">The best parameters if the model was just evaluated, otherwise null.</param>
    public sealed record Saved<P>(Progress<P> Progress, P? Best) : RunEvent
        where P : class;

    /// <summary>The run is over.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Progress">Where it stopped.</param>
    /// <param name="Best">The best parameters of the run.</param>
    /// <param name="LastSaved">The step of the last checkpoint; null if there was none.</param>
    /// <param name="MillisecondsPerStep">The median of its steps; null if no step was taken.</param>
    public sealed record Ended<P>(
        StopReason Reason, Progress<P> Progress, P Best, long? LastSaved, double? MillisecondsPerStep) : RunEvent
        where P : class;
}

/// <summary>Why a training run stopped.</summary>
public abstract record StopReason
{
    private StopReason()
    {
    }

    /// <summary>All steps were taken.</summary>
    public sealed record MaxSteps : StopReason;

    /// <summary>The time limit was reached.</summary>
    public sealed record MaxTime : StopReason;

    /// <summary>The held-out loss had not improved for a number of evaluations.</summary>
    public sealed record OutOfPatience : StopReason;

    /// <summary>The run was canceled.</summary>
    public sealed record Interrupted : StopReason;

    /// <summary>The loss or a parameter was infinite or NaN.</summary>
    /// <param name="Step">The number of steps taken.</param>
    /// <param name="Loss">The last step's loss.</param>
    /// <param name="Leaf">The first parameter that is not finite, if any.</param>
    public sealed record NotFinite(long Step, double Loss, string? Leaf) : StopReason;
}
