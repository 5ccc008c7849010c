namespace Makemore.Tests;

public sealed class PrincipalComponentsTests
{
    /// <summary>±3 along (0.6, 0.8) and ±1 along (−0.8, 0.6), from a mean of (10, 20).</summary>
    private static readonly float[] Cross =
        [10 + 1.8f, 20 + 2.4f, 10 - 1.8f, 20 - 2.4f, 10 - 0.8f, 20 + 0.6f, 10 + 0.8f, 20 - 0.6f];

    [Fact]
    public void Components_OfACross_AreItsArms()
    {
        var found = PrincipalComponents.Of(Cross, 2);
        Assert.Equal([0.9, 0.1], found.Shares, (a, b) => Math.Abs(a - b) < 1e-6);
        // Signs: 0.8 is the largest entry of the first arm, and of the second with its direction reversed.
        double[][] places = [[3, 0], [-3, 0], [0, -1], [0, 1]];
        Assert.Equal(places.SelectMany(place => place), found.Places.SelectMany(place => place), (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void Components_OfMoreThanTheVectorsHave_AreZero()
    {
        var found = PrincipalComponents.Of([1, 1, 2, 2, 3, 3], 2);
        Assert.Equal(1, found.Shares[0], 1e-9);
        Assert.Equal(0, found.Shares[1], 1e-9);
    }

    [Fact]
    public void Components_OfEqualVectors_AreZero() =>
        Assert.All(PrincipalComponents.Of([1, 2, 1, 2], 2).Places, place => Assert.All(place, x => Assert.Equal(0, x, 1e-9)));

    [Fact]
    public void Components_OfBrokenVectors_Throw() =>
        Assert.Throws<ArgumentException>(() => { PrincipalComponents.Of([1, 2, 3], 2); });
}
