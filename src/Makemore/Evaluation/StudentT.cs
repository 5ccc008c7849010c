namespace Makemore;

/// <summary>Student's t distribution.</summary>
internal static class StudentT
{
    private const int Halvings = 6;

    /// <summary>The probability that |t| is at least as large.</summary>
    /// <remarks>It is the regularized incomplete beta function Iₓ(n/2, 1/2) at x = n / (n + t²), n degrees of freedom, by recurrence over
    /// n: Abramowitz, Stegun: "Handbook of mathematical functions", 1964, equations 26.5.27 and 26.5.16.</remarks>
    /// <param name="t">The statistic.</param>
    /// <param name="degrees">The degrees of freedom, at least 1.</param>
    public static double TwoSided(double t, int degrees)
    {
        var x = degrees / (degrees + (t * t));
        var (root, beta) = (Math.Sqrt(1 - x), degrees % 2 == 0 ? 2 : Math.PI);
        var (probability, power) = degrees % 2 == 0
            ? (1 - root, x)
            : (2 / Math.PI * Arctan(Math.Sqrt(x) / root), Math.Sqrt(x));
        for (var n = degrees % 2 == 0 ? 2 : 1; n < degrees; n += 2, power *= x)
        {
            probability -= power * root / (n / 2.0 * beta);
            beta *= n / (n + 1.0);
        }
        return Math.Clamp(probability, 0, 1);
    }

    /// <summary>The arctangent of a number of 0 or more: halved until its series converges fast.</summary>
    private static double Arctan(double x)
    {
        if (double.IsInfinity(x))
            return Math.PI / 2;
        for (var i = 0; i < Halvings; i++)
            x /= 1 + Math.Sqrt(1 + (x * x));
        var (power, sum) = (x, 0.0);
        for (var k = 1; k < 16; k += 4, power *= x * x * x * x)
            sum += (power / k) - (power * x * x / (k + 2));
        return Math.ScaleB(sum, Halvings);
    }
}
