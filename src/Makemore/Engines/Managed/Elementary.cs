using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>
/// Exp, log and related functions, with only additions, multiplications, divisions and fused multiply-adds, so that they give the
/// same bits at every vector width and on every machine.
/// </summary>
/// <remarks>Polynomials and ranges: Moshier, Cephes Math Library, single precision. Tests check the stated error
/// bounds against double precision.</remarks>
internal static class Elementary
{
    // Adding it rounds to an integer and leaves that in the lowest bits.
    private const float Rounder = 12582912f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>eˣ to 2 ulp; 0 below −87.336, where the result would be subnormal, ∞ above 88.7228.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x)
        where V : struct, ISimd<V>
    {
        var shifted = V.Fma(x, V.Of(1.44269504088896341f), V.Of(Rounder));
        var n = shifted - V.Of(Rounder);
        var r = V.Fma(n, V.Of(-Ln2Low), V.Fma(n, V.Of(-Ln2High), x));
        var p = V.Of(1.9875691500e-4f);
        p = V.Fma(p, r, V.Of(1.3981999507e-3f));
        p = V.Fma(p, r, V.Of(8.3334519073e-3f));
        p = V.Fma(p, r, V.Of(4.1665795894e-2f));
        p = V.Fma(p, r, V.Of(1.6666665459e-1f));
        p = V.Fma(p, r, V.Of(5.0000001201e-1f));
        p = V.Fma(p, r * r, r) + V.Of(1);
        var power = V.AddInts(p, V.ShiftLeft(shifted, 23));
        power = V.Select(V.IsGreater(x, V.Of(88.7228f)), V.Of(float.PositiveInfinity), power);
        power = V.Select(V.IsGreater(V.Of(-87.336f), x), V.Of(0), power);
        return V.Select(V.IsEqual(x, x), power, x);
    }

    /// <summary>ln x to 2 ulp, subnormal numbers included; −∞ at 0, NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V>(V x)
        where V : struct, ISimd<V>
    {
        var isTiny = V.IsGreater(V.Of(1.17549435e-38f), x);
        var scaled = V.Select(isTiny, x * V.Of(8388608f), x);
        var exponent = V.ShiftRightSigned(V.SubtractInts(scaled, V.OfBits(0x3F3504F3)), 23);
        var r = V.SubtractInts(scaled, V.ShiftLeft(exponent, 23)) - V.Of(1);
        var e = V.FromInts(exponent) - V.And(isTiny, V.Of(23));
        var square = r * r;
        var p = V.Of(7.0376836292e-2f);
        p = V.Fma(p, r, V.Of(-1.1514610310e-1f));
        p = V.Fma(p, r, V.Of(1.1676998740e-1f));
        p = V.Fma(p, r, V.Of(-1.2420140846e-1f));
        p = V.Fma(p, r, V.Of(1.4249322787e-1f));
        p = V.Fma(p, r, V.Of(-1.6668057665e-1f));
        p = V.Fma(p, r, V.Of(2.0000714765e-1f));
        p = V.Fma(p, r, V.Of(-2.4999993993e-1f));
        p = V.Fma(p, r, V.Of(3.3333331174e-1f));
        var tail = V.Fma(square, V.Of(-0.5f), V.Fma(e, V.Of(Ln2Low), p * r * square));
        var log = V.Fma(e, V.Of(Ln2High), r + tail);
        log = V.Select(V.IsEqual(x, V.Of(0)), V.Of(float.NegativeInfinity), log);
        log = V.Select(V.IsGreater(V.Of(0), x), V.Of(float.NaN), log);
        log = V.Select(V.IsEqual(x, V.Of(float.PositiveInfinity)), x, log);
        return V.Select(V.IsEqual(x, x), log, x);
    }

    /// <summary>tanh x to 2 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x)
        where V : struct, ISimd<V>
    {
        var size = V.And(x, V.OfBits(0x7FFFFFFF));
        var square = x * x;
        var p = V.Of(-5.70498872745e-3f);
        p = V.Fma(p, square, V.Of(2.06390887954e-2f));
        p = V.Fma(p, square, V.Of(-5.37397155531e-2f));
        p = V.Fma(p, square, V.Of(1.33314422036e-1f));
        p = V.Fma(p, square, V.Of(-3.33332819422e-1f));
        var near = V.Fma(p * square, x, x);
        var far = V.Of(1) - (V.Of(2) / (Exp(size + size) + V.Of(1)));
        var signed = V.Select(V.IsGreater(V.Of(0), x), V.Of(0) - far, far);
        return V.Select(V.IsGreater(V.Of(0.625f), size), near, signed);
    }

    /// <summary>1 / (1 + e⁻ˣ) to 3 ulp; 0 below −88.7228.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V>(V x)
        where V : struct, ISimd<V> => V.Of(1) / (V.Of(1) + Exp(V.Of(0) - x));

    /// <summary>ln(1 + u) to 4 ulp, for u in 0 … 1: Goldberg: "What every computer scientist should know about floating-point
    /// arithmetic", 1991, theorem 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log1P<V>(V u)
        where V : struct, ISimd<V>
    {
        var sum = V.Of(1) + u;
        var rounded = sum - V.Of(1);
        return V.Select(V.IsEqual(rounded, V.Of(0)), u, Log(sum) * (u / rounded));
    }

    /// <summary>ln(1 + eˣ) to 5 ulp, as max(x, 0) + ln(1 + exp(−|x|)); 0 below −87.336.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Softplus<V>(V x)
        where V : struct, ISimd<V> =>
        V.Select(V.IsGreater(V.Of(0), x), V.Of(0), x) + Log1P(Exp(V.Of(0) - V.And(x, V.OfBits(0x7FFFFFFF))));

    /// <summary>The largest |x| for <see cref="Wave"/>.</summary>
    public const float MaxAngle = 131072;

    /// <summary>The sine of x + quarter · π/2 to 2 ulp, for |x| up to <see cref="MaxAngle"/>: the sine or cosine of the rest of x
    /// divided by π/2, which is subtracted in three parts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Wave<V>(V x, int quarter)
        where V : struct, ISimd<V>
    {
        var shifted = V.Fma(x, V.Of(0.636619772367581343f), V.Of(Rounder));
        var n = shifted - V.Of(Rounder);
        var r = V.Fma(n, V.Of(-1.57079637051f), x);
        r = V.Fma(n, V.Of(4.37113882867e-8f), r);
        r = V.Fma(n, V.Of(1.71512451001e-15f), r);
        var square = r * r;
        var sine = V.Fma(V.Of(-1.9515295891e-4f), square, V.Of(8.3321608736e-3f));
        sine = V.Fma(V.Fma(sine, square, V.Of(-1.6666654611e-1f)), square * r, r);
        var cosine = V.Fma(V.Of(2.443315711809948e-5f), square, V.Of(-1.388731625493765e-3f));
        cosine = V.Fma(V.Fma(cosine, square, V.Of(4.166664568298827e-2f)), square * square, V.Fma(square, V.Of(-0.5f), V.Of(1)));
        var quadrant = V.AddInts(shifted, V.OfBits(quarter));
        var isOdd = V.ShiftRightSigned(V.ShiftLeft(quadrant, 31), 31);
        var sign = V.And(V.ShiftLeft(quadrant, 30), V.OfBits(int.MinValue));
        return V.AddInts(V.Select(isOdd, cosine, sine), sign);
    }

    /// <summary>The error function to 3 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V>(V x)
        where V : struct, ISimd<V>
    {
        var size = V.And(x, V.OfBits(0x7FFFFFFF));
        var far = V.Of(1) - ErfTail(size);
        var signed = V.Select(V.IsGreater(V.Of(0), x), V.Of(0) - far, far);
        return V.Select(V.IsGreater(V.Of(ErfTailStart), size), ErfCenter(x), signed);
    }

    /// <summary>Φ(x) = ½ (1 + erf(x / √2)), the distribution function of the standard normal distribution, without the
    /// cancellation of this form.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V NormalDistribution<V>(V x)
        where V : struct, ISimd<V>
    {
        var scaled = x * V.Of(GeluConstants.HalfRoot);
        var size = V.And(scaled, V.OfBits(0x7FFFFFFF));
        var tail = V.Of(0.5f) * ErfTail(size);
        var far = V.Select(V.IsGreater(V.Of(0), x), tail, V.Of(1) - tail);
        return V.Select(V.IsGreater(V.Of(ErfTailStart), size), V.Fma(ErfCenter(scaled), V.Of(0.5f), V.Of(0.5f)), far);
    }

    // Polynomials through the functions' values at Chebyshev's points: erf(x) / x in x² below 0.85, and above it
    // exp(x²) (1 − erf x) / t in t = 1 / (1 + x/2).
    private const float ErfTailStart = 0.85f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ErfCenter<V>(V x)
        where V : struct, ISimd<V>
    {
        var square = x * x;
        var p = V.Of(-6.3255016092e-4f);
        p = V.Fma(p, square, V.Of(5.0529851929e-3f));
        p = V.Fma(p, square, V.Of(-2.680375674e-2f));
        p = V.Fma(p, square, V.Of(1.1282749084e-1f));
        p = V.Fma(p, square, V.Of(-3.7612574761e-1f));
        return x * V.Fma(p, square, V.Of(1.1283791607f));
    }

    /// <summary>1 − erf x for x from <see cref="ErfTailStart"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ErfTail<V>(V x)
        where V : struct, ISimd<V>
    {
        var size = V.Select(V.IsGreater(x, V.Of(12)), V.Of(12), x);
        var t = V.Of(1) / V.Fma(size, V.Of(0.5f), V.Of(1));
        var p = V.Of(8.5640291486e-2f);
        p = V.Fma(p, t, V.Of(-2.0398952964e-1f));
        p = V.Fma(p, t, V.Of(5.6220389948e-2f));
        p = V.Fma(p, t, V.Of(7.7601479942e-2f));
        p = V.Fma(p, t, V.Of(1.7270670336e-1f));
        p = V.Fma(p, t, V.Of(2.4824698722e-1f));
        p = V.Fma(p, t, V.Of(2.8189485225e-1f));
        p = V.Fma(p, t, V.Of(2.8210512895e-1f));
        var square = size * size;
        var lost = V.Fma(size, size, V.Of(0) - square);
        var power = Exp(V.Of(0) - square);
        return V.Fma(V.Of(0) - power, lost, power) * (p * t);
    }

    /// <summary>xⁿ for an integer n, by repeated squaring.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V WholePower<V>(V x, int n)
        where V : struct, ISimd<V>
    {
        var (result, square) = (V.Of(1), x);
        for (var left = Math.Abs(n); left > 0; left >>= 1)
        {
            if ((left & 1) != 0)
                result *= square;
            square *= square;
        }
        return n < 0 ? V.Of(1) / result : result;
    }
}
