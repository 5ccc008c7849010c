namespace Makemore;

/// <summary>Comparisons: masks, float32 tensors of 0 and 1, without a gradient. NaN equals nothing, and is neither less nor
/// greater.</summary>
public static partial class Primitives
{
    /// <summary>1 where a = b, 0 elsewhere, broadcasting; no gradient.</summary>
    public static Tensor Equal(Tensor a, Tensor b) => AreIntegers(ref a, ref b)
        ? Integers(IntegerOperation.Equal, a, b)
        : Flat(
            Region.Innermost(a.Region, b.Region),
            EngineOf("Equal", a, b).Equal(a.Raw, b.Raw, Shape.Broadcast("Equal", a.Shape, b.Shape)));

    /// <summary>1 where a &gt; b, 0 elsewhere, broadcasting; no gradient.</summary>
    public static Tensor Greater(Tensor a, Tensor b) => AreIntegers(ref a, ref b)
        ? Integers(IntegerOperation.Greater, a, b)
        : Flat(
            Region.Innermost(a.Region, b.Region),
            EngineOf("Greater", a, b).Greater(a.Raw, b.Raw, Shape.Broadcast("Greater", a.Shape, b.Shape)));

    /// <summary>1 where a ≠ b, 0 elsewhere, broadcasting; no gradient.</summary>
    public static Tensor NotEqual(Tensor a, Tensor b) => 1 - Equal(a, b);

    /// <summary>1 where a &lt; b, 0 elsewhere, broadcasting; no gradient.</summary>
    public static Tensor Less(Tensor a, Tensor b) => Greater(b, a);

    /// <summary>1 where a ≤ b, 0 elsewhere, broadcasting; no gradient.</summary>
    public static Tensor LessOrEqual(Tensor a, Tensor b) => Less(a, b) + Equal(a, b);

    /// <summary>1 where a ≥ b, 0 elsewhere, broadcasting; no gradient.</summary>
    public static Tensor GreaterOrEqual(Tensor a, Tensor b) => Greater(a, b) + Equal(a, b);

    /// <summary>1 where an element equals a number, 0 elsewhere.</summary>
    public static Tensor Equal(Tensor x, double number) => Equal(x, x.Number(number));

    /// <summary>1 where an element is another number, 0 elsewhere.</summary>
    public static Tensor NotEqual(Tensor x, double number) => NotEqual(x, x.Number(number));

    /// <summary>1 where an element is greater than a number, 0 elsewhere.</summary>
    public static Tensor Greater(Tensor x, double number) => Greater(x, x.Number(number));

    /// <summary>1 where an element is at least a number, 0 elsewhere.</summary>
    public static Tensor GreaterOrEqual(Tensor x, double number) => GreaterOrEqual(x, x.Number(number));

    /// <summary>1 where an element is less than a number, 0 elsewhere.</summary>
    public static Tensor Less(Tensor x, double number) => Less(x, x.Number(number));

    /// <summary>1 where an element is at most a number, 0 elsewhere.</summary>
    public static Tensor LessOrEqual(Tensor x, double number) => LessOrEqual(x, x.Number(number));

    /// <summary>1 where an integer is at least the bound, 0 elsewhere; for targets and bound 0, the positions that
    /// count.</summary>
    public static Tensor IsAtLeast(Tensor ids, int bound) => Flat(
        ids.Region, ids.Engine.IsAtLeast(ids.Expect("IsAtLeast", ElementType.Int32), bound));

    /// <summary>a where the mask is not 0, b elsewhere; the three broadcast. No gradient flows to the mask.</summary>
    public static Tensor Where(Tensor mask, Tensor a, Tensor b)
    {
        var areIntegers = AreIntegers(ref a, ref b);
        var engine = EngineOf("Where", a, b);
        _ = EngineOf("Where", a, mask);
        var shape = Shape.Broadcast("Where", Shape.Broadcast("Where", a.Shape, b.Shape), mask.Shape);
        var (m, x, y) = (BroadcastTo(mask.Detach(), shape), BroadcastTo(a, shape), BroadcastTo(b, shape));
        var value = engine.Where(Float("Where", m), x.Raw, y.Raw);
        return areIntegers
            ? Flat(Innermost([x, y, m]), value)
            : Primitive([x, y, m], value, (g, i) => i == 0 ? Where(m, g, ZerosLike(g)) : Where(m, ZerosLike(g), g));
    }

    /// <summary>x where the mask is not 0, a number elsewhere.</summary>
    public static Tensor Where(Tensor mask, Tensor x, double otherwise) => Where(mask, x, x.Number(otherwise));

    /// <summary>A number where the mask is not 0, x elsewhere.</summary>
    public static Tensor Where(Tensor mask, double number, Tensor x) => Where(mask, x.Number(number), x);

    /// <summary>Integers ids (…) as masks (…, classes): 1 at the place of each id, 0 elsewhere; all 0 for an id out of
    /// range.</summary>
    public static Tensor OneHot(Tensor ids, int classes) => Equal(
        ids.Reshape([.. ids.Expect("OneHot", ElementType.Int32).Shape, 1]), Tensor.Range(classes, ids.Engine));
}
