namespace Makemore;

public static partial class Primitives
{
    /// <summary>a + b, broadcasting.</summary>
    public static Tensor Add(Tensor a, Tensor b) => AreIntegers(ref a, ref b)
        ? Integers(IntegerOperation.Add, a, b)
        : Primitive(
            a, b, EngineOf("Add", a, b).Add(a.Raw, b.Raw, Shape.Broadcast("Add", a.Shape, b.Shape)),
            (g, a, _) => Unbroadcast(g, a.Shape),
            (g, _, b) => Unbroadcast(g, b.Shape));

    /// <summary>a − b, broadcasting.</summary>
    public static Tensor Subtract(Tensor a, Tensor b) => AreIntegers(ref a, ref b)
        ? Integers(IntegerOperation.Subtract, a, b)
        : Primitive(
            a, b, EngineOf("Subtract", a, b).Subtract(a.Raw, b.Raw, Shape.Broadcast("Subtract", a.Shape, b.Shape)),
            (g, a, _) => Unbroadcast(g, a.Shape),
            (g, _, b) => Unbroadcast(-g, b.Shape));

    /// <summary>a · b elementwise, broadcasting.</summary>
    public static Tensor Multiply(Tensor a, Tensor b) => AreIntegers(ref a, ref b)
        ? Integers(IntegerOperation.Multiply, a, b)
        : Primitive(
            a, b, EngineOf("Multiply", a, b).Multiply(a.Raw, b.Raw, Shape.Broadcast("Multiply", a.Shape, b.Shape)),
            (g, a, b) => Unbroadcast(g * b, a.Shape),
            (g, a, b) => Unbroadcast(g * a, b.Shape));

    /// <summary>a / b, broadcasting; of integers, without its fraction.</summary>
    /// <exception cref="DivideByZeroException">An integer divisor is 0.</exception>
    public static Tensor Divide(Tensor a, Tensor b) => AreIntegers(ref a, ref b)
        ? Integers(IntegerOperation.Divide, a, b)
        : Primitive(
            a, b, EngineOf("Divide", a, b).Divide(a.Raw, b.Raw, Shape.Broadcast("Divide", a.Shape, b.Shape)),
            (g, a, b) => Unbroadcast(g / b, a.Shape),
            (g, a, b) => Unbroadcast(-(g * a) / (b * b), b.Shape));

    /// <summary>The remainder of a / b, with the sign of a, broadcasting: a − b · trunc(a / b).</summary>
    /// <exception cref="DivideByZeroException">An integer divisor is 0.</exception>
    public static Tensor Remainder(Tensor a, Tensor b) => AreIntegers(ref a, ref b)
        ? Integers(IntegerOperation.Remainder, a, b)
        : Primitive(
            a, b, EngineOf("Remainder", a, b).Remainder(a.Raw, b.Raw, Shape.Broadcast("Remainder", a.Shape, b.Shape)),
            (g, a, _) => Unbroadcast(g, a.Shape),
            (g, a, b) => Unbroadcast(g * ((Remainder(a, b) - a) / b), b.Shape));

    /// <summary>The smaller of a and b, broadcasting; NaN if either is NaN. Where they are equal, each gets half of the
    /// gradient.</summary>
    public static Tensor Minimum(Tensor a, Tensor b) => AreIntegers(ref a, ref b)
        ? Integers(IntegerOperation.Minimum, a, b)
        : Primitive(
            a, b, EngineOf("Minimum", a, b).Minimum(a.Raw, b.Raw, Shape.Broadcast("Minimum", a.Shape, b.Shape)),
            (g, a, b) => Unbroadcast(g * Exceeds(b, a), a.Shape),
            (g, a, b) => Unbroadcast(g * Exceeds(a, b), b.Shape));

    /// <summary>The larger of a and b, broadcasting; NaN if either is NaN. Where they are equal, each gets half of the
    /// gradient.</summary>
    public static Tensor Maximum(Tensor a, Tensor b) => AreIntegers(ref a, ref b)
        ? Integers(IntegerOperation.Maximum, a, b)
        : Primitive(
            a, b, EngineOf("Maximum", a, b).Maximum(a.Raw, b.Raw, Shape.Broadcast("Maximum", a.Shape, b.Shape)),
            (g, a, b) => Unbroadcast(g * Exceeds(a, b), a.Shape),
            (g, a, b) => Unbroadcast(g * Exceeds(b, a), b.Shape));

    /// <summary>The smaller of each element and a number.</summary>
    public static Tensor Minimum(Tensor x, double bound) => Minimum(x, x.Number(bound));

    /// <summary>The larger of each element and a number.</summary>
    public static Tensor Maximum(Tensor x, double bound) => Maximum(x, x.Number(bound));

    /// <summary>Each element, or the bound it is beyond. The gradient passes within the bounds, and at them.</summary>
    /// <exception cref="ArgumentException">The bounds are in the wrong order.</exception>
    public static Tensor Clip(Tensor x, double low, double high)
    {
        if (low > high)
            throw new ArgumentException($"Clip: the lower bound {low} is above the upper bound {high}.");
        var clipped = Minimum(Maximum(x.Detach(), low), high);
        return clipped.Type == ElementType.Int32 || x.Type == ElementType.Int32
            ? clipped
            : Primitive(x, clipped.Raw, (g, x, _) => g * (GreaterOrEqual(x, low) * LessOrEqual(x, high)));
    }

    /// <summary>scale · x + offset.</summary>
    public static Tensor Affine(Tensor x, float scale, float offset) => Primitive(
        x, x.Engine.Affine(Float("Affine", x), scale, offset),
        (g, _, _) => scale == 1 ? g : g * scale);

    /// <summary>Ones, in the shape and on the engine of x.</summary>
    public static Tensor OnesLike(Tensor x) => Flat(x.Region, x.Engine.Full(1, x.Shape));

    /// <summary>Zeros, in the shape and on the engine of x.</summary>
    public static Tensor ZerosLike(Tensor x) => Flat(x.Region, x.Engine.Full(0, x.Shape));

    /// <summary>1 where a &gt; b, ½ where they are equal.</summary>
    private static Tensor Exceeds(Tensor a, Tensor b) => Greater(a, b) + (Equal(a, b) * 0.5f);

    /// <summary>Whether both operands hold integers. If only one does, it is converted to float32.</summary>
    private static bool AreIntegers(ref Tensor a, ref Tensor b)
    {
        if (a.Type == b.Type)
            return a.Type == ElementType.Int32;
        (a, b) = (a.To(ElementType.Float32), b.To(ElementType.Float32));
        return false;
    }

    private static Tensor Integers(IntegerOperation operation, Tensor a, Tensor b)
    {
        var name = operation.ToString();
        return Flat(
            Region.Innermost(a.Region, b.Region),
            EngineOf(name, a, b).Integers(operation, a.Raw, b.Raw, Shape.Broadcast(name, a.Shape, b.Shape)));
    }
}
