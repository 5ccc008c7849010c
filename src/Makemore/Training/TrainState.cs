namespace Makemore;

/// <summary>
/// The state of a training run: together with the key and the data, it determines the rest of the run.
/// </summary>
/// <remarks>The buffers of a state are reused when the second state after it is asked for; call <see cref="Keep"/> on a
/// state that has to live longer.</remarks>
/// <param name="Step">The number of steps taken.</param>
/// <param name="Params">The parameters, buffers included.</param>
/// <param name="Optimizer">The optimizer, which turns gradients into updates.</param>
/// <param name="OptimizerState">Its state, entry by entry.</param>
public sealed record TrainState<P>(long Step, P Params, Transform Optimizer, Tensor[][] OptimizerState)
{
    /// <summary>The state before the first step.</summary>
    public static TrainState<P> Start(P p, Transform optimizer) =>
        new TrainState<P>(0, p, optimizer, optimizer.Init(Training.Trainable(p))).Keep();

    /// <summary>The state after a step, with new parameters and the optimizer's new state.</summary>
    public TrainState<P> Next(P p, Tensor[][] optimizerState) => this with
    {
        Step = Step + 1,
        Params = p,
        OptimizerState = optimizerState,
    };

    /// <summary>Applies the optimizer to a gradient: the updates to add to the parameters, zeros for buffers, and the
    /// optimizer's next state.</summary>
    /// <param name="grads">The gradient with respect to each leaf of the parameters.</param>
    public (P Updates, Tensor[][] OptimizerState) Update(P grads)
    {
        var leaves = Tree.Leaves(Params);
        var tensors = Tree.Tensors(grads);
        var (updates, next) = Optimizer.Update(
            new(Step, [.. leaves.Where(leaf => !leaf.IsBuffer)]),
            [.. tensors.Where((_, i) => !leaves[i].IsBuffer)], OptimizerState);
        var trained = 0;
        return (Tree.Rebuild(Params, [.. leaves.Select((leaf, i) => leaf.IsBuffer ? tensors[i] : updates[trained++])]), next);
    }

    /// <summary>The parameters to evaluate and to keep: their running mean (<see cref="Transforms.Ema"/>) where the optimizer
    /// has one, otherwise the parameters themselves.</summary>
    public P Averaged()
    {
        var (ema, trained) = (AverageEntry, 0);
        return ema < 0 ? Params : Tree.Rebuild(
            Params, [.. Tree.Leaves(Params).Select(leaf => leaf.IsBuffer ? leaf.Value : OptimizerState[ema][trained++])]);
    }

    /// <summary>Whether the optimizer keeps a running mean of the parameters.</summary>
    internal bool HasAverage => AverageEntry >= 0;

    private int AverageEntry => Optimizer.State.ToList().FindIndex(entry => entry.Name == Transforms.EmaState);

    /// <summary>Marks this state so that its run never reuses its buffers.</summary>
    /// <returns>This state.</returns>
    /// <exception cref="ObjectDisposedException">They have been reused already.</exception>
    public TrainState<P> Keep()
    {
        // The mark is on the storage, which later states may share if a step leaves the optimizer's state unchanged.
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
