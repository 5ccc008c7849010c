using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>
/// The operations on tensors. Each has a value and a pullback, the rule that propagates the gradient of the result to the
/// operands. A pullback receives detached operands and cotangents, so no gradient has a graph of its own.
/// </summary>
/// <remarks>
/// Rules: Griewank, Walther: "Evaluating derivatives", 2008. Wrong shapes are programming errors: they throw
/// <see cref="ArgumentException"/> with the operation, the rule and both shapes. Operands on different engines or of the wrong
/// element type throw <see cref="InvalidOperationException"/>.
/// </remarks>
public static partial class Primitives
{
    /// <summary>The result of an operation on one tensor.</summary>
    private static Tensor Primitive(
        Tensor x, Raw value, Func<Tensor, Tensor, Tensor, Tensor> pullback, [CallerMemberName] string operation = "")
    {
        x.Region.Own(value.Storage);
        return Observed(new(value, x.Region, x.IsTraced ? new UnaryNode(operation, x, pullback) : null));
    }

    /// <summary>The result of an operation on two tensors.</summary>
    private static Tensor Primitive(
        Tensor a, Tensor b, Raw value,
        Func<Tensor, Tensor, Tensor, Tensor> pullbackA, Func<Tensor, Tensor, Tensor, Tensor> pullbackB,
        Lookup? lookup = null, [CallerMemberName] string operation = "")
    {
        var region = Region.Innermost(a.Region, b.Region);
        region.Own(value.Storage);
        var traced = Traces(a, region) || Traces(b, region);
        return Observed(
            new(value, region, traced ? new BinaryNode(operation, a, b, pullbackA, pullbackB) : null) { Lookup = lookup });
    }

    /// <summary>The result of an operation on several tensors.</summary>
    private static Tensor Primitive(
        Tensor[] operands, Raw value, Func<Tensor, int, Tensor> pullback, [CallerMemberName] string operation = "") =>
        Record(operands, value, new ListNode(operation, operands, pullback));

    /// <summary>The result of an operation on several tensors whose cotangents are computed together.</summary>
    private static Tensor Joint(
        Tensor[] operands, Raw value, Func<Tensor, Raw[]> pullback, [CallerMemberName] string operation = "") =>
        Record(operands, value, new JointNode(operation, operands, pullback));

    /// <summary>The result of an operation; it is on the tape of the innermost region if an operand is.</summary>
    internal static Tensor Record(Tensor[] operands, Raw value, Node node)
    {
        var (region, traced) = (Innermost(operands), false);
        foreach (var operand in operands)
            traced |= Traces(operand, region);
        region.Own(value.Storage);
        return Observed(new(value, region, traced ? node : null));
    }

    /// <summary>A result, or what an observer puts in its place.</summary>
    private static Tensor Observed(Tensor result) =>
        result is { IsTraced: true, Region.Observer: { } observer } ? observer(result) : result;

    /// <summary>The result of an operation that no gradient flows through.</summary>
    internal static Tensor Flat(Region region, Raw value)
    {
        region.Own(value.Storage);
        return new(value, region);
    }

    private static bool Traces(Tensor x, Region region) => x.IsTraced && ReferenceEquals(x.Region, region);

    internal static Region Innermost(Tensor[] operands)
    {
        var region = Region.Root;
        foreach (var operand in operands)
            region = Region.Innermost(region, operand.Region);
        return region;
    }

    private static Raw Float(string operation, Tensor x) => x.Expect(operation, ElementType.Float32);

    internal static IEngine EngineOf(string operation, Tensor a, Tensor b) => ReferenceEquals(a.Engine, b.Engine)
        ? a.Engine
        : throw new InvalidOperationException(
            $"{operation}: the operands are on two engines, {a.Engine.Name} and {(a.Engine.Name == b.Engine.Name ? "another " : "")}"
            + $"{b.Engine.Name}; create one on the other's, as in Tensor.Zeros(shape, x.Engine), or move it with To.");

    /// <summary>The cotangent of a broadcast operand: summed over the broadcast dimensions.</summary>
    private static Tensor Unbroadcast(Tensor g, Shape shape)
    {
        if (g.Shape == shape)
            return g;
        var extra = g.Shape.Rank - shape.Rank;
        var folded = extra > 0 ? Sum(g.Reshape([g.Shape[..extra].Size, .. g.Shape[extra..]]), 0) : g;
        for (var axis = 0; axis < shape.Rank; axis++)
            if (shape[axis] == 1 && folded.Shape[axis] != 1)
                folded = Sum(folded, axis, keepDimension: true);
        return folded;
    }
}
