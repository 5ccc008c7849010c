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

    [Fact]
    public void Check_OfALossThatIsNaN_HasNoError() =>
        Assert.All(GradientCheck.Run(P, p => Mean(Log(p.A * p.B * 0 - 1)), Key.FromSeed(3)), row => Assert.True(double.IsNaN(row.Error)));

    [Fact]
    public void MaxError_OfOneGradientThatIsNaN_IsNaN()
    {
        var product = Primitive.Define((a, b) => a * b, (g, a, b, _) => (g * b, g * float.NaN));
        Assert.Equal(double.NaN, GradientCheck.MaxError(product, P.B, P.B));
    }

    [Fact]
    public void MaxError_OfAFunctionOfIds_ChecksTheNumbers()
    {
        var ids = Tensor.Of([3, 0, 3], [3]);
        Assert.InRange(GradientCheck.MaxError(Gather, P.A, ids), 0, 2e-3);
        Assert.Equal(
            "MaxError: all operands hold integers, which have no gradient.",
            Assert.Throws<ArgumentException>(() => GradientCheck.MaxError(x => x, ids)).Message);
    }

    [Fact]
    public void MaxError_OfNoElements_IsZero() => Assert.Equal(0, GradientCheck.MaxError(x => x * x, Tensor.Zeros([0, 3])));

    [Fact]
    public void Check_OfALeafThatIsNotUsed_SaysSo()
    {
        var rows = GradientCheck.Run(P, p => Mean(p.A * p.A), Key.FromSeed(3));
        Assert.Equal([false, true], rows.Select(row => row.IsUnused));
    }

    /// <summary>Both factors are 0, so each gradient is 0; near them neither is.</summary>
    [Fact]
    public void Check_NearZeros_FindsWhatIsUsed()
    {
        var zeros = P with { A = Tensor.Zeros([4, 5]), B = Tensor.Zeros([5]) };
        Assert.All(GradientCheck.Run(zeros, p => Mean(p.A * p.B), Key.FromSeed(3)), row => Assert.True(row.IsUnused));
        var near = GradientCheck.Near(zeros, Key.FromSeed(4));
        Assert.All(GradientCheck.Run(near, p => Mean(p.A * p.B), Key.FromSeed(3)), row => Assert.False(row.IsUnused));
        Assert.Equal(zeros.Mean.ToArray(), near.Mean.ToArray());
    }
}
