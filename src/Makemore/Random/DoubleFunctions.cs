namespace Makemore;

/// <summary>Logarithm and exponential in double precision, with only operations that IEEE 754 rounds correctly, so that the
/// results have the same bits on every machine.</summary>
internal static class DoubleFunctions
{
    /// <summary>ln 2.</summary>
    public const double Ln2 = 0.69314718055994530942;
    private const double MaxExponent = 709.782712893384, MinExponent = -708.396418532264;

    /// <summary>ln x for a normal x above 0: x = m · 2ᵉ with m in [1, 2), ln m = 2 atanh((m − 1) / (m + 1)), by the
    /// series of atanh.</summary>
    public static double Log(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (bits >> 52) - 1023;
        var m = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | (1023L << 52));
        var s = (m - 1) / (m + 1);
        var (term, sum) = (s, 0.0);
        for (var k = 1; k < 40; k += 2, term *= s * s)
            sum += term / k;
        return (exponent * Ln2) + (2 * sum);
    }

    /// <summary>eˣ to a relative error of 1e-13: x = n ln 2 + r with |r| ≤ ln 2 / 2, eʳ by its series; 0 below the normal
    /// numbers, ∞ on overflow, NaN for NaN.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x) || x > MaxExponent)
            return double.IsNaN(x) ? x : double.PositiveInfinity;
        if (x < MinExponent)
            return 0;
        var n = Math.Round(x / Ln2);
        var r = x - (n * Ln2);
        var sum = 1.0;
        for (var k = 16; k > 0; k--)
            sum = 1 + (sum * r / k);
        return Math.ScaleB(sum, (int)n);
    }
}
