namespace Makemore;

/// <summary>A learning-rate schedule: a factor of the learning rate as a pure function of the step.</summary>
public delegate double Schedule(long step);

/// <summary>Learning-rate schedules, with only operations that IEEE 754 rounds correctly, so that the bits of a run do not depend
/// on the machine.</summary>
public static class Schedules
{
    /// <summary>1 at every step.</summary>
    public static Schedule Constant { get; } = _ => 1;

    /// <summary>Cosine decay from 1 to <paramref name="floor"/> over the steps, then constant: Loshchilov, Hutter: "SGDR", 2017,
    /// equation 5, without restarts.</summary>
    public static Schedule Cosine(long steps, double floor = 0) => step =>
        floor + ((1 - floor) * FallingCosine(Math.Min(1, (double)step / Math.Max(1, steps))));

    /// <summary>Step decay: multiplied by <paramref name="factor"/> every <paramref name="every"/> steps.</summary>
    public static Schedule StepDecay(long every, double factor = 0.1) => step => Power(factor, step / Math.Max(1, every));

    /// <summary>
    /// One cycle: rises along half a cosine from 1/25 to 1 over the first <paramref name="rise"/> of the steps, and falls to
    /// 1/250,000 over the rest: Smith, Topin: "Super-convergence", 2018, with the defaults of PyTorch's OneCycleLR.
    /// </summary>
    public static Schedule OneCycle(long steps, double rise = 0.3)
    {
        const double First = 1.0 / 25, Last = First / 1e4;
        var (top, end) = ((rise * steps) - 1, (double)(steps - 1));
        return step => step <= top
            ? 1 + ((First - 1) * FallingCosine(step / Math.Max(1, top)))
            : Last + ((1 - Last) * FallingCosine(Math.Min(1, (step - top) / (end - top))));
    }

    /// <summary>Linear warmup over <paramref name="warmup"/> steps, then the schedule.</summary>
    public static Schedule WithWarmup(this Schedule schedule, long warmup) => step =>
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

    /// <summary>x to an integer power, by repeated squaring.</summary>
    internal static double Power(double x, long n)
    {
        var (power, square) = (1.0, x);
        for (; n > 0; n >>= 1, square *= square)
            power *= (n & 1) != 0 ? square : 1;
        return power;
    }
}
