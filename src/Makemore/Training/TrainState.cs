namespace Makemore;

/// <summary>
/// The state of a training run: everything that the rest of it is a function of, besides its key and its data.
/// </summary>
/// <remarks>The buffers of a state are reused when the second state after it is asked for; <see cref="Keep"/> a state that
/// has to live longer.</remarks>
/// <param name="Step">The number of steps taken.</param>
/// <param name="Params">The parameters, buffers included.</param>
/// <param name="Optimizer">What turns gradients into updates.</param>
/// <param name="OptimizerState">What it remembers, entry by entry.</param>
public sealed record TrainState<P>(long Step, P Params, Transform Optimizer, Tensor[][] OptimizerState)
{
    /// <summary>The state before the first step.</summary>
    public static TrainState<P> Start(P p, Transform optimizer) =>
        new TrainState<P>(0, p, optimizer, optimizer.Init(Training.Trainable(p))).Keep();

    /// <summary>The state after a step: new parameters and what the optimizer remembers.</summary>
    public TrainState<P> Next(P p, Tensor[][] optimizerState) => this with
    {
        Step = Step + 1, Params = p, OptimizerState = optimizerState,
    };

    /// <summary>What the optimizer makes of a gradient: the update to add to each parameter, zeros for buffers, and the
    /// optimizer's next state.</summary>
    /// <param name="grads">The gradient with respect to each leaf of the parameters.</param>
    public (P Updates, Tensor[][] OptimizerState) Update(P grads)
    {
        var leaves = Tree.Leaves(Params);
        var slopes = Tree.Tensors(grads);
        var (updates, next) = Optimizer.Update(
            new(Step, [.. leaves.Where(leaf => !leaf.IsBuffer)]),
            [.. slopes.Where((_, i) => !leaves[i].IsBuffer)], OptimizerState);
        var trained = 0;
        return (Tree.Rebuild(Params, [.. leaves.Select((leaf, i) => leaf.IsBuffer ? slopes[i] : updates[trained++])]), next);
    }

    /// <summary>The parameters to evaluate and to keep: their running mean (<see cref="Transforms.Ema"/>) where the optimizer
    /// has one, otherwise the parameters themselves.</summary>
    public P Averaged()
    {
        var ema = Optimizer.State.ToList().FindIndex(entry => entry.Name == Transforms.EmaState);
        var trained = 0;
        return ema < 0 ? Params : Tree.Rebuild(
            Params, [.. Tree.Leaves(Params).Select(leaf => leaf.IsBuffer ? leaf.Value : OptimizerState[ema][trained++])]);
    }

    /// <summary>This state, its buffers never reused by the run it came from.</summary>
    /// <exception cref="ObjectDisposedException">They have been reused already.</exception>
    public TrainState<P> Keep()
    {
        // Marked on the storage: later states may share it, where a step left the optimizer's state as it was.
        foreach (var tensor in Tensors())
            tensor.Raw.Storage.IsKept = true;
        return this;
    }

    /// <summary>The state as seen from inside a region.</summary>
    internal TrainState<P> In(Region region) => Map(tensor => tensor.In(region));

    /// <summary>The state moved out to the root region.</summary>
    internal TrainState<P> Escape() => Map(tensor => tensor.Escape(Region.Root));

    /// <summary>The tensors of the parameters and of the optimizer's state.</summary>
    internal IEnumerable<Tensor> Tensors() => Tree.Tensors(Params).Concat(OptimizerState.SelectMany(entry => entry));

    private TrainState<P> Map(Converter<Tensor, Tensor> function) => this with
    {
        Params = Tree.Map(Params, tensor => function(tensor)),
        OptimizerState = Array.ConvertAll(OptimizerState, entry => Array.ConvertAll(entry, function)),
    };
}
