namespace Makemore;

/// <summary>Gradients of functions over trees of tensors.</summary>
/// <remarks>Reverse accumulation: Linnainmaa 1970; Griewank, Walther: "Evaluating derivatives", 2008, chapter 3.</remarks>
public static class Gradients
{
    /// <summary>
    /// The value of a loss at <paramref name="p"/>, the auxiliary output of the function, and the gradient with respect to each
    /// leaf, in a record of the same type. The gradient of buffers is zero.
    /// </summary>
    /// <remarks>The function receives the parameters in a region of their own. All buffers that it allocates are returned here,
    /// except those of the results, which escape to the region of the parameters, without a graph.</remarks>
    /// <exception cref="ArgumentException">The loss is not a single number, or p has no tensors.</exception>
    public static (Tensor Loss, A Aux, P Grads) ValueAndGrad<P, A>(P p, Func<P, (Tensor Loss, A Aux)> loss)
    {
        var leaves = Tree.Leaves(p);
        var home = leaves.Count > 0
            ? leaves.Select(leaf => leaf.Value.Region).Aggregate(Region.Innermost)
            : throw new ArgumentException($"ValueAndGrad: {typeof(P).Name} holds no tensors.");
        using var region = home.Open();
        var lifted = leaves
            .Select(leaf => leaf.IsBuffer ? leaf.Value.In(region) : new Tensor(leaf.Value.Raw, region, LeafNode.Instance))
            .ToArray();
        var (value, aux) = loss(Tree.Rebuild(p, lifted));
        if (value.Shape.Size != 1)
            throw new ArgumentException($"ValueAndGrad: the loss is {value.Shape} and must be a single number.");
        var cotangents = new Cotangents(region);
        if (cotangents.Includes(value))
        {
            cotangents.Add(value, Primitives.OnesLike(value));
            cotangents.Pull();
        }
        var grads = lifted.Select(leaf => cotangents.Of(leaf) ?? Primitives.ZerosLike(leaf)).ToArray();
        return (value.Escape(home), Tree.Escape(aux, home), Tree.Rebuild(p, [.. grads.Select(grad => grad.Escape(home))]));
    }

    /// <summary>The value of a loss at <paramref name="p"/> and its gradient with respect to each leaf.</summary>
    public static (Tensor Loss, P Grads) ValueAndGrad<P>(P p, Func<P, Tensor> loss)
    {
        var (value, _, grads) = ValueAndGrad(p, q => (loss(q), 0));
        return (value, grads);
    }
}
