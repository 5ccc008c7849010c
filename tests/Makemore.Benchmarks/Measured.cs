namespace Makemore.Benchmarks;

/// <summary>Statistics of measurements.</summary>
internal static class Measured
{
    /// <summary>The median, the upper one of an even number; NaN for no values.</summary>
    public static double Median(this IEnumerable<double> values) => values.Order().ToArray() is { Length: > 0 } sorted
        ? sorted[sorted.Length / 2]
        : double.NaN;
}
