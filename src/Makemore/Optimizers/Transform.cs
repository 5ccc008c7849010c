namespace Makemore;

/// <summary>What a gradient transform may look at besides the updates: how many steps went before, and the
/// parameters, leaf by leaf.</summary>
/// <param name="Step">The number of steps before this one: 0 at the first.</param>
/// <param name="Params">The parameters before the step, without statistics.</param>
public sealed record UpdateContext(long Step, IReadOnlyList<Leaf> Params);

/// <summary>A tensor that a transform remembers for each parameter.</summary>
/// <param name="Name">Its name in checkpoints.</param>
/// <param name="Start">Its value before the first step, from the parameter's.</param>
public sealed record Slot(string Name, Func<Tensor, Tensor> Start);

/// <summary>
/// A step of an optimizer as a pure function: updates and memory in, updates and memory out. Transforms chain by
/// <see cref="Then"/>; what comes out of the last is added to the parameters.
/// </summary>
/// <remarks>After optax (DeepMind). Updates are in the order of the parameters; memory is slot by slot, each in
/// that order.</remarks>
/// <param name="Slots">What is remembered.</param>
/// <param name="Update">(context, updates, memory) → (updates, memory).</param>
public sealed record Transform(
    IReadOnlyList<Slot> Slots,
    Func<UpdateContext, Tensor[], Tensor[][], (Tensor[] Updates, Tensor[][] Memory)> Update)
{
    /// <summary>A transform that remembers nothing and treats each leaf alone: (context, parameter, update) →
    /// update.</summary>
    public static Transform Each(Func<UpdateContext, Leaf, Tensor, Tensor> update) => new([], (context, updates, memory) =>
        ([.. updates.Select((u, i) => update(context, context.Params[i], u))], memory));

    /// <summary>This transform, and the next on what comes out of it.</summary>
    public Transform Then(Transform next) => new([.. Slots, .. next.Slots], (context, updates, memory) =>
    {
        var (middle, first) = Update(context, updates, memory[..Slots.Count]);
        var (last, second) = next.Update(context, middle, memory[Slots.Count..]);
        return (last, [.. first, .. second]);
    });

    /// <summary>The memory before the first step.</summary>
    public Tensor[][] Init(IReadOnlyList<Leaf> parameters) =>
        [.. Slots.Select(slot => parameters.Select(leaf => slot.Start(leaf.Value)).ToArray())];
}
