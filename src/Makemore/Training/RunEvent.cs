using System.Collections.Immutable;

namespace Makemore;

/// <summary>Something that happens in a training run. A run is the stream of its events; whatever a person or a file sees of
/// it is a function of that stream.</summary>
public abstract record RunEvent
{
    private RunEvent()
    {
    }

    /// <summary>The run begins, or resumes.</summary>
    /// <param name="Progress">From where.</param>
    public sealed record Started<P>(Progress<P> Progress) : RunEvent
        where P : class;

    /// <summary>A step was taken.</summary>
    /// <param name="Step">The number of steps taken.</param>
    /// <param name="Loss">The loss of the batch before the step, in nats per token.</param>
    /// <param name="Milliseconds">How long the step took, its batch included.</param>
    public sealed record Stepped(long Step, double Loss, double Milliseconds) : RunEvent;

    /// <summary>The model was evaluated.</summary>
    /// <param name="Evaluation">Its losses.</param>
    /// <param name="IsRegular">Whether the evaluation is one of those every so many steps, and so part of the run's history.
    /// The one at the end need not be.</param>
    /// <param name="GradientNorm">The norm of the last step's gradient, before clipping; none where no step was taken.</param>
    /// <param name="MillisecondsPerStep">The median since the regular evaluation before; none where no step was taken.</param>
    public sealed record Evaluated(Evaluation Evaluation, bool IsRegular, double? GradientNorm, double? MillisecondsPerStep)
        : RunEvent;

    /// <summary>The model was sampled from.</summary>
    /// <param name="Samples">A few words.</param>
    public sealed record Sampled(ImmutableArray<Sample> Samples) : RunEvent;

    /// <summary>A step was inspected.</summary>
    /// <param name="Diagnosis">Its activations, gradients and updates.</param>
    public sealed record Diagnosed(Diagnosis Diagnosis) : RunEvent;

    /// <summary>The model begins to overfit: the held-out loss rises while the training loss falls.</summary>
    /// <param name="Best">The evaluation with the lowest held-out loss.</param>
    /// <param name="Now">The last evaluation.</param>
    public sealed record Warned(Evaluation Best, Evaluation Now) : RunEvent;

    /// <summary>There is something worth saving.</summary>
    /// <param name="Progress">What resuming needs.</param>
    /// <param name="Best">The best parameters, where the model was just evaluated.</param>
    public sealed record Saved<P>(Progress<P> Progress, P? Best) : RunEvent
        where P : class;

    /// <summary>The run is over.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Progress">Where it stopped.</param>
    /// <param name="Best">The best parameters of the run.</param>
    /// <param name="MillisecondsPerStep">The median of its steps; none where no step was taken.</param>
    public sealed record Ended<P>(StopReason Reason, Progress<P> Progress, P Best, double? MillisecondsPerStep) : RunEvent
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

    /// <summary>The time was up.</summary>
    public sealed record MaxTime : StopReason;

    /// <summary>The held-out loss had not improved for a number of evaluations.</summary>
    public sealed record OutOfPatience : StopReason;

    /// <summary>Somebody asked for it.</summary>
    public sealed record Interrupted : StopReason;

    /// <summary>The loss or a parameter was infinite or NaN.</summary>
    /// <param name="Step">The number of steps taken.</param>
    /// <param name="Loss">The last step's loss.</param>
    /// <param name="Leaf">The first parameter that is not finite, if any.</param>
    public sealed record NotFinite(long Step, double Loss, string? Leaf) : StopReason;
}
