namespace Makemore;

/// <summary>How a model learns: by the usual loss, by a loss of the script's own, or by a step of its own.</summary>
/// <param name="Step">One training step.</param>
/// <param name="Loss">The loss that it descends; none where the script takes the step itself.</param>
/// <param name="IsUsual">Whether the loss is the cross-entropy.</param>
/// <typeparam name="P">The parameters.</typeparam>
internal sealed record Learning<P>(TrainStep<P> Step, TrainLoss<P>? Loss, bool IsUsual)
{
    /// <summary>Learning by a loss.</summary>
    public static Learning<P> By(TrainLoss<P> loss, bool isUsual) => new(Training.Step(loss), loss, isUsual);

    /// <summary>Learning by a step.</summary>
    public static Learning<P> By(TrainStep<P> step) => new(step, null, false);

    /// <summary>The gradient on a batch, and the loss as a function of the parameters that it should be the gradient of.</summary>
    public (P Gradients, Func<P, Tensor> Loss) Slope(TrainState<P> state, Batch batch, Key key) => (
        Step(state, batch, key).Gradients,
        Loss is { } loss
            ? p => loss(p, batch, key).Loss
            : p => Step(state with { Params = p }, batch, key).Loss);
}
