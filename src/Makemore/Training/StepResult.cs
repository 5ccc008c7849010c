namespace Makemore;

/// <summary>The result of a training step: the next state, the loss and its gradient.</summary>
/// <param name="State">The state after the step.</param>
/// <param name="Loss">The loss of the batch before the step, a single number in nats per token.</param>
/// <param name="Gradients">Its gradient with respect to each parameter, before the optimizer saw it. Like
/// <paramref name="Loss"/> it can be read until the next step is asked for.</param>
public sealed record StepResult<P>(TrainState<P> State, Tensor Loss, P Gradients)
{
    /// <summary>The norm of the whole gradient, before clipping.</summary>
    public float GradientNorm => Transforms.GlobalNorm(
        [.. Tree.Leaves(Gradients).Where(leaf => !leaf.IsBuffer).Select(leaf => leaf.Value)]);
}

/// <summary>One training step as a pure function. The state it is given is not changed.</summary>
/// <param name="state">The state before the step.</param>
/// <param name="batch">The training batch.</param>
/// <param name="key">The randomness of the step, such as dropout.</param>
public delegate StepResult<P> TrainStep<P>(TrainState<P> state, Batch batch, Key key);

/// <summary>A training loss as a pure function of the parameters.</summary>
/// <param name="p">The parameters.</param>
/// <param name="batch">The training batch.</param>
/// <param name="key">The randomness of the step, such as dropout.</param>
/// <returns>The loss, a single number, and the parameters with updated buffers; only the buffers of the latter are
/// read.</returns>
public delegate (Tensor Loss, P Updated) TrainLoss<P>(P p, Batch batch, Key key);
