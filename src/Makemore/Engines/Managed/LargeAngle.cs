using System.Globalization;
using System.Numerics;

namespace Makemore;

/// <summary>The sine and cosine of angles too large for <see cref="Elementary.Wave"/>.</summary>
/// <remarks>Payne, Hanek: "Radian reduction for trigonometric functions", 1983: the rest of x divided by π/2 comes from the bits
/// of 2/π that matter at the size of x.</remarks>
internal static class LargeAngle
{
    private const int Bits = 256, FractionBits = 64;

    /// <summary>The first 256 bits of 2/π after the point.</summary>
    private static readonly BigInteger TwoOverPi = BigInteger.Parse(
        "0A2F9836E4E441529FC2757D1F534DDC0DB6295993C439041FE5163ABDEBBC561", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>The sine of x + quarter · π/2, for |x| above 1.</summary>
    public static unsafe float Wave(float x, int quarter)
    {
        if (!float.IsFinite(x))
            return float.NaN;
        var (quadrant, rest) = Reduce(MathF.Abs(x));
        // sin(−x + q π/2) = sin(−(x − q π/2)): both the quadrant and the rest change their sign.
        var (turns, angle) = x < 0 ? (quarter - quadrant, -rest) : (quarter + quadrant, rest);
        var result = 0f;
        Elementary.Wave(V1.Of(angle), turns & 3).Store(&result);
        return result;
    }

    /// <summary>x = (4 k + quadrant) · π/2 + rest for an integer k, with |rest| ≤ π/4.</summary>
    private static (int Quadrant, float Angle) Reduce(float x)
    {
        var bits = BitConverter.SingleToInt32Bits(x);
        var (mantissa, exponent) = ((bits & 0x7FFFFF) | 0x800000, (bits >> 23) - 150);
        var turns = (mantissa * TwoOverPi) >> (Bits - FractionBits - exponent);
        // The fraction as a signed number is that above the nearest integer.
        var fraction = (long)(ulong)(turns & ulong.MaxValue);
        var quadrant = (int)((turns >> FractionBits) & 3) + (fraction < 0 ? 1 : 0);
        return (quadrant, (float)(fraction * (Math.PI / 2 / 18446744073709551616.0)));
    }
}
