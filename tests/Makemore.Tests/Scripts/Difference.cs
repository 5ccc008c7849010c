namespace Makemore.Tests.Scripts;

/// <summary>Relative differences, as src/DESIGN.md defines them.</summary>
internal static class Difference
{
    private const double Zero = 1e-12, AbsoluteAtZero = 1e-6;

    /// <summary>Asserts that max |a − b| / max |b| is within a bound, or max |a| within 1e-6 if b is all zeros.</summary>
    public static void Assert(string what, ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, double bound)
    {
        Xunit.Assert.Equal(expected.Length, actual.Length);
        var (largest, difference) = (0.0, 0.0);
        for (var i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs((double)expected[i]));
            difference = Math.Max(difference, Math.Abs((double)actual[i] - expected[i])); // NaN stays
        }
        var allowed = largest < Zero ? AbsoluteAtZero : bound * largest;
        Xunit.Assert.True(difference <= allowed, $"{what}: off by {difference:g3}, where {allowed:g3} is allowed");
    }
}
