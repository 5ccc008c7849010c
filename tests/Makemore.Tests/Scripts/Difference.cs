namespace Makemore.Tests.Scripts;

/// <summary>How far numbers are from what they should be, as src/DESIGN.md defines it.</summary>
internal static class Difference
{
    private const double Zero = 1e-12, AbsoluteAtZero = 1e-6;

    /// <summary>Asserts that max |a − b| / max |b| is at most a bound; where b is 0 throughout, max |a| 1e-6.</summary>
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
