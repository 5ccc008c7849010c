namespace Makemore;

public static partial class Primitives
{
    /// <summary>a + b, broadcasting.</summary>
    public static Tensor Add(Tensor a, Tensor b) => Primitive(
        a, b, EngineOf("Add", a, b).Add(Float("Add", a), Float("Add", b), Shape.Broadcast("Add", a.Shape, b.Shape)),
        (g, a, _) => Unbroadcast(g, a.Shape),
        (g, _, b) => Unbroadcast(g, b.Shape));

    /// <summary>a − b, broadcasting.</summary>
    public static Tensor Subtract(Tensor a, Tensor b) => Primitive(
        a, b,
        EngineOf("Subtract", a, b).Subtract(
            Float("Subtract", a), Float("Subtract", b), Shape.Broadcast("Subtract", a.Shape, b.Shape)),
        (g, a, _) => Unbroadcast(g, a.Shape),
        (g, _, b) => Unbroadcast(-g, b.Shape));

    /// <summary>a · b elementwise, broadcasting.</summary>
    public static Tensor Multiply(Tensor a, Tensor b) => Primitive(
        a, b,
        EngineOf("Multiply", a, b).Multiply(
            Float("Multiply", a), Float("Multiply", b), Shape.Broadcast("Multiply", a.Shape, b.Shape)),
        (g, a, b) => Unbroadcast(g * b, a.Shape),
        (g, a, b) => Unbroadcast(g * a, b.Shape));

    /// <summary>a / b, broadcasting.</summary>
    public static Tensor Divide(Tensor a, Tensor b) => Primitive(
        a, b,
        EngineOf("Divide", a, b).Divide(
            Float("Divide", a), Float("Divide", b), Shape.Broadcast("Divide", a.Shape, b.Shape)),
        (g, a, b) => Unbroadcast(g / b, a.Shape),
        (g, a, b) => Unbroadcast(-(g * a) / (b * b), b.Shape));

    /// <summary>scale · x + offset.</summary>
    public static Tensor Affine(Tensor x, float scale, float offset) => Primitive(
        x, x.Engine.Affine(Float("Affine", x), scale, offset),
        (g, _, _) => scale == 1 ? g : g * scale);

    /// <summary>1 where a = b, 0 elsewhere, broadcasting; no gradient.</summary>
    public static Tensor Equal(Tensor a, Tensor b) => Flat(
        Region.Innermost(a.Region, b.Region),
        EngineOf("Equal", a, b).Equal(Float("Equal", a), Float("Equal", b), Shape.Broadcast("Equal", a.Shape, b.Shape)));

    /// <summary>1 where a &gt; b, 0 elsewhere, broadcasting; no gradient.</summary>
    public static Tensor Greater(Tensor a, Tensor b) => Flat(
        Region.Innermost(a.Region, b.Region),
        EngineOf("Greater", a, b).Greater(
            Float("Greater", a), Float("Greater", b), Shape.Broadcast("Greater", a.Shape, b.Shape)));

    /// <summary>1 where an integer is at least the bound, 0 elsewhere; for targets and bound 0, the positions that
    /// count.</summary>
    public static Tensor IsAtLeast(Tensor ids, int bound) => Flat(
        ids.Region, ids.Engine.IsAtLeast(ids.Expect("IsAtLeast", ElementType.Int32), bound));

    /// <summary>a where the mask is not 0, b elsewhere; the three broadcast. No gradient flows to the mask.</summary>
    public static Tensor Where(Tensor mask, Tensor a, Tensor b)
    {
        var engine = EngineOf("Where", a, b);
        _ = EngineOf("Where", a, mask);
        var shape = Shape.Broadcast("Where", Shape.Broadcast("Where", a.Shape, b.Shape), mask.Shape);
        var (m, x, y) = (BroadcastTo(mask.Detach(), shape), BroadcastTo(a, shape), BroadcastTo(b, shape));
        return Primitive(
            [x, y, m], engine.Where(Float("Where", m), Float("Where", x), Float("Where", y)),
            (g, i) => i == 0 ? Where(m, g, ZerosLike(g)) : Where(m, ZerosLike(g), g));
    }

    /// <summary>Ones, in the shape and on the engine of x.</summary>
    public static Tensor OnesLike(Tensor x) => Flat(x.Region, x.Engine.Full(1, x.Shape));

    /// <summary>Zeros, in the shape and on the engine of x.</summary>
    public static Tensor ZerosLike(Tensor x) => Flat(x.Region, x.Engine.Full(0, x.Shape));
}
