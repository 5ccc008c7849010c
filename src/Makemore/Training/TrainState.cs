namespace Makemore;

/// <summary>
/// Where a training run stands: everything that the rest of it is a function of, besides its key and its data.
/// </summary>
/// <remarks>The memory of a state's tensors is used again when the second state after it is asked for; a state that
/// shall live longer is kept by <see cref="Keep"/>.</remarks>
/// <param name="Step">The number of steps made.</param>
/// <param name="Params">The parameters, statistics included.</param>
/// <param name="OptimizerState">The optimizer's memory, slot by slot.</param>
/// <param name="Loss">The loss of the last batch in nats; NaN before the first step.</param>
public sealed record TrainState<P>(long Step, P Params, Tensor[][] OptimizerState, float Loss)
{
    /// <summary>The state before the first step.</summary>
    public static TrainState<P> Start(P p, Transform optimizer) =>
        new TrainState<P>(0, p, optimizer.Init(Training.Trainable(p)), float.NaN).Keep();

    /// <summary>This state, its memory never used again by the run it came from.</summary>
    /// <exception cref="ObjectDisposedException">It has been used again already.</exception>
    public TrainState<P> Keep()
    {
        // Marked on the memory: later states may share it, where a step left the optimizer's memory as it was.
        foreach (var tensor in Tensors())
            tensor.Raw.Storage.IsKept = true;
        return this;
    }

    /// <summary>The tensors of the parameters and of the optimizer's memory.</summary>
    internal IEnumerable<Tensor> Tensors() => Tree.Tensors(Params).Concat(OptimizerState.SelectMany(slot => slot));
}
