namespace Makemore;

/// <summary>
/// Where a training run stands: everything that the rest of it is a function of, besides its key and its data.
/// </summary>
/// <remarks>The memory of a state's tensors is used again when the second state after it is asked for; a state that
/// shall live longer is kept by <see cref="Keep"/>.</remarks>
/// <param name="Step">The number of steps made.</param>
/// <param name="Params">The parameters, statistics included.</param>
/// <param name="Memory">The optimizer's memory, slot by slot.</param>
/// <param name="Loss">The loss of the last batch in nats; NaN before the first step.</param>
public sealed record TrainState<P>(long Step, P Params, Tensor[][] Memory, float Loss)
{
    /// <summary>Whether the state's memory is left alone.</summary>
    internal bool IsKept { get; private set; }

    /// <summary>The state before the first step.</summary>
    public static TrainState<P> Start(P p, Transform optimizer) =>
        new(0, p, optimizer.Init(Training.Trainable(p)), float.NaN) { IsKept = true };

    /// <summary>This state, its memory never used again by the run it came from.</summary>
    public TrainState<P> Keep()
    {
        IsKept = true;
        return this;
    }
}
