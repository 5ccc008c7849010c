namespace Makemore;

/// <summary>
/// How one operation hands the cotangent of its result on to its operands: the graph of a gradient is made of these.
/// </summary>
/// <param name="operation">The name of the primitive that made it; none for a leaf.</param>
internal abstract class Node(string operation)
{
    /// <summary>The name of the primitive: Tanh, LinearMap.</summary>
    public string Operation => operation;

    /// <summary>What the operation was done to.</summary>
    public abstract IReadOnlyList<Tensor> Operands { get; }

    /// <summary>Adds what each traced operand's cotangent gains from the result's cotangent.</summary>
    public abstract void Pull(Tensor cotangent, Tensor result, Cotangents cotangents);
}

/// <summary>A tensor that a gradient is taken with respect to: the graph ends here.</summary>
internal sealed class LeafNode() : Node("")
{
    public static LeafNode Instance { get; } = new();

    public override IReadOnlyList<Tensor> Operands => [];

    public override void Pull(Tensor cotangent, Tensor result, Cotangents cotangents)
    {
    }
}

/// <summary>An operation on one tensor; the pullback gets (cotangent, operand, result), all detached.</summary>
internal sealed class UnaryNode(string operation, Tensor x, Func<Tensor, Tensor, Tensor, Tensor> pullback) : Node(operation)
{
    public override IReadOnlyList<Tensor> Operands => [x];

    public override void Pull(Tensor cotangent, Tensor result, Cotangents cotangents) =>
        cotangents.Add(x, pullback(cotangent, x.Detach(), result.Detach()));
}

/// <summary>An operation on two tensors; each pullback gets (cotangent, first operand, second operand), detached.</summary>
internal sealed class BinaryNode(
    string operation, Tensor a, Tensor b, Func<Tensor, Tensor, Tensor, Tensor> pullbackA,
    Func<Tensor, Tensor, Tensor, Tensor> pullbackB)
    : Node(operation)
{
    public override IReadOnlyList<Tensor> Operands => [a, b];

    public override void Pull(Tensor cotangent, Tensor result, Cotangents cotangents)
    {
        var (x, y) = (a.Detach(), b.Detach());
        if (cotangents.Wants(a))
            cotangents.Add(a, pullbackA(cotangent, x, y));
        if (cotangents.Wants(b))
            cotangents.Add(b, pullbackB(cotangent, x, y));
    }
}

/// <summary>A run taken out of one dimension: its cotangent is added in place, because a sequence that is taken apart
/// position by position would otherwise be filled with zeros for each of them.</summary>
internal sealed class SliceNode(Tensor x, int axis, int start) : Node("Slice")
{
    public override IReadOnlyList<Tensor> Operands => [x];

    public override void Pull(Tensor cotangent, Tensor result, Cotangents cotangents) =>
        cotangents.AddSlice(x, cotangent, axis, start);
}

/// <summary>A linear map: what the operands' cotangents gain are products, added in place, because a recurrent network has
/// one for each position.</summary>
internal sealed class LinearNode(Tensor x, Tensor weight, Tensor? bias) : Node(nameof(Primitives.LinearMap))
{
    public override IReadOnlyList<Tensor> Operands => bias is null ? [x, weight] : [x, weight, bias];

    public override void Pull(Tensor cotangent, Tensor result, Cotangents cotangents)
    {
        var g = Primitives.Rows(cotangent);
        cotangents.AddProduct(x, g, weight.Detach());
        cotangents.AddProduct(weight, g, Primitives.Rows(x.Detach()), transposeA: true);
        if (bias is not null && cotangents.Wants(bias))
            cotangents.Add(bias, Primitives.Sum(g, 0));
    }
}

/// <summary>An operation on any number of tensors; the pullback gets (cotangent, index of the operand).</summary>
internal sealed class ListNode(string operation, Tensor[] operands, Func<Tensor, int, Tensor> pullback) : Node(operation)
{
    public override IReadOnlyList<Tensor> Operands => operands;

    public override void Pull(Tensor cotangent, Tensor result, Cotangents cotangents)
    {
        for (var i = 0; i < operands.Length; i++)
            if (cotangents.Wants(operands[i]))
                cotangents.Add(operands[i], pullback(cotangent, i));
    }
}

/// <summary>An operation on several tensors whose cotangents are found together; the pullback gets the cotangent and gives
/// one for each operand, in their order.</summary>
internal sealed class JointNode(string operation, Tensor[] operands, Func<Tensor, Raw[]> pullback) : Node(operation)
{
    public override IReadOnlyList<Tensor> Operands => operands;

    public override void Pull(Tensor cotangent, Tensor result, Cotangents cotangents)
    {
        var gains = pullback(cotangent);
        for (var i = 0; i < gains.Length; i++)
            cotangents.Add(operands[i], Primitives.Flat(cotangent.Region, gains[i]));
    }
}
