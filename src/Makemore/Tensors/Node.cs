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

/// <summary>An operation on any number of tensors; the pullback gets (cotangent, index of the operand).</summary>
internal sealed class ListNode(IReadOnlyList<Tensor> operands, Func<Tensor, int, Tensor> pullback) : Node
{
    public override void Pull(Tensor cotangent, Tensor result, Cotangents cotangents)
    {
        for (var i = 0; i < operands.Count; i++)
            if (cotangents.Wants(operands[i]))
                cotangents.Add(operands[i], pullback(cotangent, i));
    }
}

/// <summary>The cotangents of the tensors on one region's tape, while a gradient is being computed.</summary>
internal sealed class Cotangents(Region region)
{
    private readonly Tensor?[] _values = new Tensor?[region.Tape.Count];

    /// <summary>Whether a tensor's cotangent is part of this gradient.</summary>
    public bool Wants(Tensor x) => x.IsTraced && ReferenceEquals(x.Region, region);

    /// <summary>The cotangent of a tensor so far; none where the result does not depend on it.</summary>
    public Tensor? Of(Tensor x) => Wants(x) ? _values[x.TapeIndex] : null;

    /// <summary>Adds to the cotangent of a tensor.</summary>
    public void Add(Tensor x, Tensor gain)
    {
        if (!Wants(x))
            return;
        ref var value = ref _values[x.TapeIndex];
        value = value is null ? gain : value + gain;
    }

    /// <summary>Walks the tape from its end to its beginning, which is a topological order.</summary>
    public void Pull()
    {
        for (var i = _values.Length - 1; i >= 0; i--)
            if (_values[i] is { } cotangent)
                region.Tape[i].Node!.Pull(cotangent, region.Tape[i], this);
    }
}
