namespace Makemore;

/// <summary>Scans over one dimension: each element of the result depends on those of x up to its place.</summary>
public static partial class Primitives
{
    /// <summary>The cumulative sum over one dimension: element t is the sum of elements 0 … t.</summary>
    public static Tensor CumulativeSum(Tensor x, int axis)
    {
        var along = x.Shape.Axis("CumulativeSum", axis);
        return x.Type == ElementType.Int32 ? CumulativeSumOfIntegers(x, along) : Primitive(
            x, x.Engine.CumulativeSum(x.Raw, along, reverse: false),
            (g, _, _) => Flat(g.Region, g.Engine.CumulativeSum(g.Raw, along, reverse: true)));
    }

    /// <summary>The cumulative maximum over one dimension: element t is the maximum of elements 0 … t. The gradient goes to the
    /// last of equal maxima.</summary>
    public static Tensor CumulativeMax(Tensor x, int axis)
    {
        var along = x.Shape.Axis("CumulativeMax", axis);
        return Primitive(
            x, x.Engine.CumulativeMax(Float("CumulativeMax", x), along),
            (g, x, y) =>
            {
                var isMax = Equal(x, y);
                return isMax * Reversed(Next(1 - isMax, along), g, along);
            });
    }

    /// <summary>y(t) = a(t) y(t − 1) + b(t) over one dimension, from y(0) = b(0) on. a and b broadcast. With 0 ≤ a ≤ 1, as in
    /// gated recurrent networks, the products of a cannot overflow.</summary>
    /// <remarks>Blelloch: "Prefix sums and their applications", 1990, section 1.4. An initial state h belongs into b(0), as b(0)
    /// + a(0) h.</remarks>
    public static Tensor LinearRecurrence(Tensor a, Tensor b, int axis)
    {
        const string Name = "LinearRecurrence";
        var engine = EngineOf(Name, a, b);
        var shape = Shape.Broadcast(Name, a.Shape, b.Shape);
        var (factors, terms, along) = (BroadcastTo(a, shape), BroadcastTo(b, shape), shape.Axis(Name, axis));
        var value = engine.LinearRecurrence(Float(Name, factors), Float(Name, terms), along, reverse: false);
        return Joint([factors, terms], value, Pullback);

        Raw[] Pullback(Tensor g)
        {
            var sums = Reversed(Next(new(factors.Raw, g.Region), along), g, along);
            return [(sums * Previous(new(value, g.Region), along)).Raw, sums.Raw];
        }
    }

    /// <summary>ln of the cumulative sum of exp(x) over one dimension, without overflow.</summary>
    /// <remarks>With m the cumulative maximum, the sum of exp(x − m(t)) is that at t − 1 times exp(m(t − 1) − m(t)), plus
    /// exp(x(t) − m(t)): no power is above 1.</remarks>
    public static Tensor LogCumulativeSumExp(Tensor x, int axis)
    {
        var along = x.Shape.Axis("LogCumulativeSumExp", axis);
        _ = Float("LogCumulativeSumExp", x);
        var values = x.Detach();
        var max = FiniteOrZero(CumulativeMax(values, along));
        var sums = LinearRecurrence(Exp(Minimum(Previous(max, along) - max, 0)), Exp(values - max), along);
        return Primitive(x, (max + Log(sums)).Raw, Pullback);

        // ∂y(s)/∂x(t) = exp(x(t) − y(s)) = exp(x(t) − y(t)) exp(y(t) − y(t + 1)) … exp(y(s − 1) − y(s)).
        Tensor Pullback(Tensor g, Tensor x, Tensor y)
        {
            var finite = FiniteOrZero(y);
            return Exp(x - finite) * Reversed(Exp(Minimum(finite - Next(finite, along), 0)), g, along);
        }
    }

    /// <remarks>Hillis, Steele: "Data parallel algorithms", 1986: each step adds the elements twice as far before. Sums wrap around,
    /// so their order does not matter.</remarks>
    private static Tensor CumulativeSumOfIntegers(Tensor x, int axis)
    {
        for (var distance = 1; distance < x.Shape[axis]; distance *= 2)
            x += x.Slice(axis, 0, x.Shape[axis] - distance).Pad(axis, distance, 0);
        return x;
    }

    private static Tensor Reversed(Tensor a, Tensor b, int axis) =>
        Flat(b.Region, b.Engine.LinearRecurrence(a.Raw, b.Raw, axis, reverse: true));

    /// <summary>Each element is the one after it; the last is 0.</summary>
    private static Tensor Next(Tensor x, int axis) =>
        x.Shape[axis] == 0 ? x : x.Slice(axis, 1, x.Shape[axis] - 1).Pad(axis, 0, 1);

    /// <summary>Each element is the one before it; the first is 0.</summary>
    private static Tensor Previous(Tensor x, int axis) =>
        x.Shape[axis] == 0 ? x : x.Slice(axis, 0, x.Shape[axis] - 1).Pad(axis, 1, 0);
}
