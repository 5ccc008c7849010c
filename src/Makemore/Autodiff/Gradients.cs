namespace Makemore;

/// <summary>Gradients of functions over trees of tensors.</summary>
/// <remarks>Reverse accumulation: Linnainmaa 1970; Griewank, Walther: "Evaluating derivatives", 2008, chapter 3.</remarks>
public static class Gradients
{
    /// <summary>
    /// The value of a loss at <paramref name="p"/>, what else the function returned, and the gradient with respect to
    /// each leaf, in a record of the same type. Buffers get a gradient of zeros.
    /// </summary>
    /// <remarks>The function receives the parameters in a region of their own. All buffers that it allocates are returned here,
    /// except those of the results, which escape to the region of the parameters, without a graph.</remarks>
    /// <exception cref="ArgumentException">The loss is not a single number, or p has no tensors.</exception>
    public static (Tensor Loss, A Aux, P Grads) ValueAndGrad<P, A>(P p, Func<P, (Tensor Loss, A Aux)> loss)
    {
        var (value, aux, grads, _) = Differentiate(p, loss, retainsAux: false);
        return (value, aux, grads);
    }

    /// <summary>The value of a loss at <paramref name="p"/> and its gradient with respect to each leaf.</summary>
    public static (Tensor Loss, P Grads) ValueAndGrad<P>(P p, Func<P, Tensor> loss)
    {
        var (value, _, grads) = ValueAndGrad(p, q => (loss(q), 0));
        return (value, grads);
    }

    /// <summary>
    /// As <see cref="ValueAndGrad{P, A}"/>, and the gradient of the loss with respect to each tensor that the function returned
    /// beside it, in a record of the same type: the inside of the graph, as PyTorch shows it after <c>retain_grad</c>.
    /// </summary>
    /// <remarks>The gradient of an intermediate value is how fast the loss changes when the value is nudged where it was
    /// computed, along every path from there to the loss. A tensor that the loss does not depend on, or that is a constant,
    /// gets zeros.</remarks>
    /// <exception cref="ArgumentException">The loss is not a single number, or there is no tensor in p.</exception>
    public static (Tensor Loss, A Aux, P Grads, A AuxGrads) ValueAndRetainedGrads<P, A>(
        P p, Func<P, (Tensor Loss, A Aux)> loss) => Differentiate(p, loss, retainsAux: true);

    /// <summary>Reverse accumulation; AuxGrads is Aux itself where it is not asked for.</summary>
    private static (Tensor Loss, A Aux, P Grads, A AuxGrads) Differentiate<P, A>(
        P p, Func<P, (Tensor Loss, A Aux)> loss, bool retainsAux)
    {
        var leaves = Tree.Leaves(p);
        var home = leaves.Count > 0
            ? leaves.Select(leaf => leaf.Value.Region).Aggregate(Region.Innermost)
            : throw new ArgumentException($"ValueAndGrad: {typeof(P).Name} holds no tensors.");
        using var region = home.Open(retainsCotangents: retainsAux);
        var lifted = leaves
            .Select(leaf => leaf.IsBuffer ? leaf.Value.In(region) : new Tensor(leaf.Value.Raw, region, LeafNode.Instance))
            .ToArray();
        var (value, aux) = loss(Tree.Rebuild(p, lifted));
        if (value.Shape.Size != 1)
            throw new ArgumentException($"ValueAndGrad: the loss is {value.Shape} and must be a single number.");
        var inside = Tree.Tensors(aux);
        var cotangents = new Cotangents(region, [value, .. inside], retainsAux ? inside : []);
        if (cotangents.Includes(value))
        {
            cotangents.Add(value, Primitives.OnesLike(value));
            cotangents.Pull();
        }
        var grads = Tree.Rebuild(p, [.. lifted.Select(Grad)]);
        return (value.Escape(home), Tree.Escape(aux, home), grads, retainsAux ? Tree.Map(aux, Grad) : aux);

        Tensor Grad(Tensor x) => (cotangents.Of(x) ?? Primitives.ZerosLike(x)).Escape(home);
    }
}
