namespace Makemore;

/// <summary>Integers, conversions and functions of elements.</summary>
public partial interface IEngine
{
    /// <summary>A binary operation on integers, broadcasting to the shape. Arithmetic gives integers and wraps around on
    /// overflow; a comparison gives a float32 mask.</summary>
    /// <exception cref="DivideByZeroException">A divisor is 0.</exception>
    Raw Integers(IntegerOperation operation, Raw x, Raw y, Shape shape);

    /// <summary>The same values as another element type. A number becomes an integer by dropping its fraction, as in C#: NaN
    /// becomes 0, and what is out of range the nearest integer.</summary>
    Raw Convert(Raw x, ElementType type);

    /// <summary>The remainder of x / y, exact and with the sign of x, broadcasting to the shape.</summary>
    Raw Remainder(Raw x, Raw y, Shape shape);

    /// <summary>The smaller of x and y, broadcasting to the shape; NaN if either is NaN.</summary>
    Raw Minimum(Raw x, Raw y, Shape shape);

    /// <summary>The larger of x and y, broadcasting to the shape; NaN if either is NaN.</summary>
    Raw Maximum(Raw x, Raw y, Shape shape);

    /// <summary>|x|.</summary>
    Raw Abs(Raw x);

    /// <summary>−1 below 0, 1 above 0, 0 elsewhere.</summary>
    Raw Sign(Raw x);

    /// <summary>The sine of an angle in radians.</summary>
    Raw Sin(Raw x);

    /// <summary>The cosine of an angle in radians.</summary>
    Raw Cos(Raw x);

    /// <summary>The error function, 2/√π ∫₀ˣ exp(−t²) dt.</summary>
    Raw Erf(Raw x);

    /// <summary>ln(1 + eˣ), without overflow.</summary>
    Raw Softplus(Raw x);

    /// <summary>x / (1 + e⁻ˣ).</summary>
    Raw Silu(Raw x) => Multiply(x, Sigmoid(x), x.Shape);

    /// <summary>The pullback of <see cref="Silu"/>: g s (1 + x (1 − s)) with s = sigmoid(x).</summary>
    Raw SiluPullback(Raw g, Raw x)
    {
        var s = Sigmoid(x);
        var slope = Affine(Multiply(x, Affine(s, -1, 1), x.Shape), 1, 1);
        return Multiply(g, Multiply(s, slope, x.Shape), x.Shape);
    }

    /// <summary>x Φ(x), with Φ(x) = ½ (1 + erf(x / √2)) the distribution function of the standard normal distribution.</summary>
    Raw GeluExact(Raw x) => Multiply(x, NormalDistribution(x), x.Shape);

    /// <summary>The pullback of <see cref="GeluExact"/>: g (Φ(x) + x φ(x)) with φ(x) = exp(−x²/2) / √(2π).</summary>
    Raw GeluExactPullback(Raw g, Raw x)
    {
        var density = Affine(Exp(Affine(Multiply(x, x, x.Shape), -0.5f, 0)), GeluConstants.Density, 0);
        return Multiply(g, Add(NormalDistribution(x), Multiply(x, density, x.Shape), x.Shape), x.Shape);
    }

    private Raw NormalDistribution(Raw x) => Affine(Erf(Affine(x, GeluConstants.HalfRoot, 0)), 0.5f, 0.5f);
}

/// <summary>The binary operations on integers.</summary>
public enum IntegerOperation
{
    /// <summary>x + y.</summary>
    Add,

    /// <summary>x − y.</summary>
    Subtract,

    /// <summary>x · y.</summary>
    Multiply,

    /// <summary>x / y, rounded towards 0.</summary>
    Divide,

    /// <summary>The remainder of x / y, with the sign of x.</summary>
    Remainder,

    /// <summary>The smaller of x and y.</summary>
    Minimum,

    /// <summary>The larger of x and y.</summary>
    Maximum,

    /// <summary>1 where x = y, 0 elsewhere.</summary>
    Equal,

    /// <summary>1 where x &gt; y, 0 elsewhere.</summary>
    Greater,
}
