namespace Makemore;

/// <summary>How a model is trained: on its cross-entropy, on a loss of the script's own, or by a step of its own.</summary>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="Step">One training step.</param>
/// <param name="Loss">The loss that the step minimizes; null for a step of the script's own.</param>
/// <param name="IsCrossEntropy">Whether the loss is the cross-entropy.</param>
/// <typeparam name="P">The parameters.</typeparam>
internal sealed record Learning<P>(Transform Optimizer, TrainStep<P> Step, TrainLoss<P>? Loss, bool IsCrossEntropy)
{
    /// <summary>The gradient on a batch, and the loss that it should be the gradient of, as a function of the parameters.</summary>
    public (P Gradients, Func<P, Tensor> Loss) Gradient(TrainState<P> state, Batch batch, Key key) => (
        Step(state, batch, key).Gradients,
        Loss is { } loss
            ? p => loss(p, batch, key).Loss
            : p => Step(state with { Params = p }, batch, key).Loss);
}
