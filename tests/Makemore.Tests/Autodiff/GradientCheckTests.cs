using static Makemore.Primitives;

namespace Makemore.Tests;

public sealed class GradientCheckTests
{
    private sealed record Model(Tensor A, Tensor B, [Buffer] Tensor Mean);

    private static readonly Model P = new(
        Tensor.Of(Key.FromSeed(1).Normals(20), [4, 5]), Tensor.Of(Key.FromSeed(2).Normals(5), [5]), Tensor.Ones([5]));

    [Fact]
    public void Check_OfACorrectGradient_FindsNoError()
    {
        var rows = GradientCheck.Run(P, p => Mean(Tanh((p.A - p.Mean) * p.B)), Key.FromSeed(3));
        Assert.Equal([("a", 16), ("b", 5)], rows.Select(row => (row.Name, row.Checked)));
        Assert.All(rows, row => Assert.True(row.Error < 2e-3, $"{row}"));
    }

    [Fact]
    public void Check_OfAWrongGradient_PointsAtItsLeaf()
    {
        // The gradient of a · b without the path through one of the two factors b.
        var rows = GradientCheck.Run(P, p => Mean(p.A * p.B * p.B.Detach()), Key.FromSeed(3));
        Assert.True(rows[0].Error < 2e-3, $"{rows[0]}");
        Assert.True(rows[1].Error > 0.3, $"{rows[1]}");
    }
}
