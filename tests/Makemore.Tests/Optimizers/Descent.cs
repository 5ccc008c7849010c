namespace Makemore.Tests;

/// <summary>Optimizers on given gradients, without a model.</summary>
internal static class Descent
{
    /// <summary>The parameters and the optimizer's state after a step.</summary>
    public sealed record State(Leaf[] Params, Tensor[][] OptimizerState);

    /// <summary>The states after each step.</summary>
    public static IEnumerable<State> Run(Transform optimizer, Leaf[] start, IEnumerable<Tensor[]> grads)
    {
        var state = new State(start, optimizer.Init(start));
        foreach (var (step, g) in grads.Index())
        {
            var (updates, optimizerState) = optimizer.Update(new(step, state.Params), g, state.OptimizerState);
            state = new([.. state.Params.Zip(updates, (leaf, u) => leaf with { Value = leaf.Value + u })], optimizerState);
            yield return state;
        }
    }

    /// <summary>The trajectory of a single number.</summary>
    public static float[] Path(Transform optimizer, float start, params float[] grads) =>
        [.. Run(optimizer, [Number(start)], Each(grads)).Select(state => state.Params[0].Value.Item())];

    /// <summary>A parameter that is a vector of one number.</summary>
    public static Leaf Number(float value) => new("x", Tensor.Of([value], [1]));

    /// <summary>A gradient for it per step.</summary>
    public static IEnumerable<Tensor[]> Each(params float[] grads) => grads.Select(g => (Tensor[])[Tensor.Of([g], [1])]);

    /// <summary>All bits of a state, in order.</summary>
    public static int[] Bits(this State state) =>
        Bits([.. state.Params.Select(leaf => leaf.Value), .. state.OptimizerState.SelectMany(entry => entry)]);

    /// <summary>All bits of tensors, in order.</summary>
    public static int[] Bits(IEnumerable<Tensor> tensors) =>
        [.. tensors.SelectMany(tensor => tensor.ToArray()).Select(BitConverter.SingleToInt32Bits)];
}
