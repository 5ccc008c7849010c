namespace Makemore;

/// <summary>What a gradient transform receives besides the updates.</summary>
/// <param name="Step">The number of steps before this one: 0 at the first.</param>
/// <param name="Params">The parameters before the step, leaf by leaf, without buffers.</param>
public sealed record UpdateContext(long Step, IReadOnlyList<Leaf> Params);

/// <summary>An entry of a transform's state: a tensor for each parameter.</summary>
/// <param name="Name">Its name in checkpoints.</param>
/// <param name="Init">Its initial value, from the parameter's.</param>
public sealed record StateEntry(string Name, Func<Tensor, Tensor> Init);

/// <summary>
/// A step of an optimizer as a pure function: updates and state in, updates and state out. Transforms are chained by
/// <see cref="Then"/>; the updates of the last one are added to the parameters.
/// </summary>
/// <remarks>After optax (DeepMind). Updates are in the order of the parameters; the state is a list of entries, each in that
/// order.</remarks>
/// <param name="State">The entries of the state.</param>
/// <param name="Update">(context, updates, state) → (updates, state).</param>
public sealed record Transform(
    IReadOnlyList<StateEntry> State,
    Func<UpdateContext, Tensor[], Tensor[][], (Tensor[] Updates, Tensor[][] State)> Update)
{
    /// <summary>A stateless transform of each leaf: (context, parameter, update) → update.</summary>
    public static Transform Each(Func<UpdateContext, Leaf, Tensor, Tensor> update) => new([], (context, updates, state) =>
        ([.. updates.Select((u, i) => update(context, context.Params[i], u))], state));

    /// <summary>This transform, followed by another one.</summary>
    public Transform Then(Transform next) => new([.. State, .. next.State], (context, updates, state) =>
    {
        var (middle, first) = Update(context, updates, state[..State.Count]);
        var (last, second) = next.Update(context, middle, state[State.Count..]);
        return (last, [.. first, .. second]);
    });

    /// <summary>The state before the first step.</summary>
    public Tensor[][] Init(IReadOnlyList<Leaf> parameters) =>
        [.. State.Select(entry => parameters.Select(leaf => entry.Init(leaf.Value)).ToArray())];
}
