namespace Makemore;

/// <summary>
/// A node of the graph: how an operation propagates the cotangent of its result to its operands.
/// </summary>
/// <param name="operation">The name of the primitive; empty for a leaf.</param>
internal abstract class Node(string operation)
{
    /// <summary>The name of the primitive, such as Tanh or LinearMap.</summary>
    public string Operation => operation;

    /// <summary>The operands of the operation.</summary>
    public abstract IReadOnlyList<Tensor> Operands { get; }

    /// <summary>Accumulates the contribution of the result's cotangent to the cotangent of each traced operand.</summary>
    public abstract void Pull(Tensor cotangent, Tensor result, Cotangents cotangents);
}

/// <summary>A tensor that the gradient is taken with respect to: a leaf of the graph.</summary>
internal sealed class LeafNode() : Node("")
{
    public static LeafNode Instance { get; } = new();

    public override IReadOnlyList<Tensor> Operands => [];

    public override void Pull(Tensor cotangent, Tensor result, Cotangents cotangents)
    {
    }
}

/// <summary>An operation on one tensor; the pullback receives (cotangent, operand, result), all detached.</summary>
internal sealed class UnaryNode(string operation, Tensor x, Func<Tensor, Tensor, Tensor, Tensor> pullback) : Node(operation)
{
    public override IReadOnlyList<Tensor> Operands => [x];

    public override void Pull(Tensor cotangent, Tensor result, Cotangents cotangents) =>
        cotangents.Add(x, pullback(cotangent, x.Detach(), result.Detach()));
}

/// <summary>An operation on two tensors; each pullback receives (cotangent, first operand, second operand), all
/// detached.</summary>
internal sealed class BinaryNode(
    string operation, Tensor a, Tensor b, Func<Tensor, Tensor, Tensor, Tensor> pullbackA,
    Func<Tensor, Tensor, Tensor, Tensor> pullbackB)
    : Node(operation)
{
    public override IReadOnlyList<Tensor> Operands => [a, b];

    public override void Pull(Tensor cotangent, Tensor result, Cotangents cotangents)
    {
        var (x, y) = (a.Detach(), b.Detach());
        if (cotangents.Includes(a))
            cotangents.Add(a, pullbackA(cotangent, x, y));
        if (cotangents.Includes(b))
            cotangents.Add(b, pullbackB(cotangent, x, y));
    }
}

/// <summary>A slice of one dimension. Its cotangent is accumulated in place: for a sequence that is sliced position by position,
/// a tensor of zeros per position would be expensive.</summary>
internal sealed class SliceNode(Tensor x, int axis, int start) : Node("Slice")
{
    public override IReadOnlyList<Tensor> Operands => [x];

    public override void Pull(Tensor cotangent, Tensor result, Cotangents cotangents) =>
        cotangents.AddSlice(x, cotangent, axis, start);
}

/// <summary>A linear map. The contributions to the operands' cotangents are products, which are accumulated in place, because a
/// recurrent network has one for each position.</summary>
internal sealed class LinearNode(Tensor x, Tensor weight, Tensor? bias) : Node(nameof(Primitives.LinearMap))
{
    public override IReadOnlyList<Tensor> Operands => bias is null ? [x, weight] : [x, weight, bias];

    public override void Pull(Tensor cotangent, Tensor result, Cotangents cotangents)
    {
        var g = Primitives.Rows(cotangent);
        cotangents.AddProduct(x, g, weight.Detach());
        cotangents.AddProduct(weight, g, Primitives.Rows(x.Detach()), transposeA: true);
        if (bias is not null && cotangents.Includes(bias))
            cotangents.Add(bias, Primitives.Sum(g, 0));
    }
}

/// <summary>An operation on any number of tensors; the pullback receives (cotangent, index of the operand).</summary>
internal sealed class ListNode(string operation, Tensor[] operands, Func<Tensor, int, Tensor> pullback) : Node(operation)
{
    public override IReadOnlyList<Tensor> Operands => operands;

    public override void Pull(Tensor cotangent, Tensor result, Cotangents cotangents)
    {
        for (var i = 0; i < operands.Length; i++)
            if (cotangents.Includes(operands[i]))
                cotangents.Add(operands[i], pullback(cotangent, i));
    }
}

/// <summary>An operation on several tensors whose cotangents are computed together; the pullback receives the cotangent and
/// returns one for each operand, in order.</summary>
internal sealed class JointNode(string operation, Tensor[] operands, Func<Tensor, Raw[]> pullback) : Node(operation)
{
    public override IReadOnlyList<Tensor> Operands => operands;

    public override void Pull(Tensor cotangent, Tensor result, Cotangents cotangents)
    {
        var contributions = pullback(cotangent);
        for (var i = 0; i < contributions.Length; i++)
            cotangents.Add(operands[i], Primitives.Flat(cotangent.Region, contributions[i]));
    }
}
