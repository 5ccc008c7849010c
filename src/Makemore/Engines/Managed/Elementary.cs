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
