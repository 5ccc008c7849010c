namespace Makemore;

/// <summary>A factor of the learning rate for each step: a pure function of the number of steps made.</summary>
public delegate double Schedule(long step);

/// <summary>Schedules; with operations only that IEEE 754 rounds correctly, so that a run's bits do not depend on the
/// machine.</summary>
public static class Schedules
{
    /// <summary>1 at every step.</summary>
    public static Schedule Constant { get; } = _ => 1;

    /// <summary>From 1 down to <paramref name="floor"/> along half a cosine, and there for good: Loshchilov, Hutter:
    /// "SGDR", 2017, equation 5, without restarts.</summary>
    public static Schedule Cosine(long steps, double floor = 0) => step =>
        floor + ((1 - floor) * FallingCosine(Math.Min(1, (double)step / Math.Max(1, steps))));

    /// <summary>Multiplied by <paramref name="factor"/> every so many steps.</summary>
    public static Schedule Staircase(long every, double factor = 0.1) => step => Power(factor, step / Math.Max(1, every));

    /// <summary>
    /// Along half cosines from 1/25 up to 1 over the first <paramref name="rise"/> of the steps, and down to 1/250,000 over
    /// the rest: Smith, Topin: "Super-convergence", 2018, as PyTorch's OneCycleLR has it by default.
    /// </summary>
    public static Schedule OneCycle(long steps, double rise = 0.3)
    {
        const double First = 1.0 / 25, Last = First / 1e4;
        var (top, end) = ((rise * steps) - 1, (double)(steps - 1));
        return step => step <= top
            ? 1 + ((First - 1) * FallingCosine(step / Math.Max(1, top)))
            : Last + ((1 - Last) * FallingCosine(Math.Min(1, (step - top) / (end - top))));
    }

    /// <summary>Rises in a straight line over so many steps, and then begins the other schedule.</summary>
    public static Schedule After(this Schedule schedule, long warmup) => step =>
        step < warmup ? (step + 1.0) / warmup * schedule(0) : schedule(step - warmup);

    /// <summary>½ (1 + cos πx): from 1 at 0 to 0 at 1.</summary>
    private static double FallingCosine(double x) =>
        x <= 0.5 ? (1 + Cosine(Math.PI * x)) / 2 : (1 - Cosine(Math.PI * (1 - x))) / 2;

    /// <summary>cos x for x in [0, π/2], by its series.</summary>
    private static double Cosine(double x)
    {
        var (term, sum) = (1.0, 1.0);
        for (var k = 2; k <= 24; k += 2)
        {
            term *= -x * x / (k * (k - 1));
            sum += term;
        }
        return sum;
    }

    /// <summary>x to a whole power, by multiplication alone.</summary>
    internal static double Power(double x, long n)
    {
        var (power, square) = (1.0, x);
        for (; n > 0; n >>= 1, square *= square)
            power *= (n & 1) != 0 ? square : 1;
        return power;
    }
}
