namespace Makemore.Benchmarks;

/// <summary>What stands for several measurements of one thing.</summary>
internal static class Measured
{
    /// <summary>The middle one, of an even number the upper of two; NaN of none.</summary>
    public static double Median(this IEnumerable<double> values) => values.Order().ToArray() is { Length: > 0 } sorted
        ? sorted[sorted.Length / 2]
        : double.NaN;
}
