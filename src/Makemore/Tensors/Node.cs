namespace Makemore;

/// <summary>
/// How one operation hands the cotangent of its result on to its operands: the graph of a gradient is made of these.
/// </summary>
internal abstract class Node
{
    /// <summary>Adds what each traced operand's cotangent gains from the result's cotangent.</summary>
    public abstract void Pull(Tensor cotangent, Tensor result, Cotangents cotangents);
}

/// <summary>A tensor that a gradient is taken with respect to: the graph ends here.</summary>
internal sealed class LeafNode : Node
{
    public static LeafNode Instance { get; } = new();

    public override void Pull(Tensor cotangent, Tensor result, Cotangents cotangents)
    {
    }
}

/// <summary>An operation on one tensor; the pullback gets (cotangent, operand, result), all detached.</summary>
internal sealed class UnaryNode(Tensor x, Func<Tensor, Tensor, Tensor, Tensor> pullback) : Node
{
    public override void Pull(Tensor cotangent, Tensor result, Cotangents cotangents) =>
        cotangents.Add(x, pullback(cotangent, x.Detach(), result.Detach()));
}

/// <summary>An operation on two tensors; each pullback gets (cotangent, first operand, second operand), detached.</summary>
internal sealed class BinaryNode(
    Tensor a, Tensor b, Func<Tensor, Tensor, Tensor, Tensor> pullbackA, Func<Tensor, Tensor, Tensor, Tensor> pullbackB)
    : Node
{
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
internal sealed class SliceNode(Tensor x, int axis, int start) : Node
{
    public override void Pull(Tensor cotangent, Tensor result, Cotangents cotangents) =>
        cotangents.AddSlice(x, cotangent, axis, start);
}

/// <summary>An operation on any number of tensors; the pullback gets (cotangent, index of the operand).</summary>
internal sealed class ListNode(Tensor[] operands, Func<Tensor, int, Tensor> pullback) : Node
{
    public override void Pull(Tensor cotangent, Tensor result, Cotangents cotangents)
    {
        for (var i = 0; i < operands.Length; i++)
            if (cotangents.Wants(operands[i]))
                cotangents.Add(operands[i], pullback(cotangent, i));
    }
}
