using static Makemore.Primitives;

namespace Makemore.Tests;

/// <summary>Layers and initializations.</summary>
public sealed class LayerTests
{
    private static readonly Key Seed = Key.FromSeed(3);

    private static readonly Dictionary<string, (Func<Key, Shape, Tensor> Draw, double Deviation)> Spreads = new()
    {
        ["XavierUniform"] = ((key, shape) => Initializations.XavierUniform(key, shape), Math.Sqrt(2.0 / 500)),
        ["XavierNormal"] = ((key, shape) => Initializations.XavierNormal(key, shape, 2), 2 * Math.Sqrt(2.0 / 500)),
        ["KaimingUniform"] = ((key, shape) => Initializations.KaimingUniform(key, shape), Math.Sqrt(2.0 / 300)),
        ["KaimingNormal"] = ((key, shape) => Initializations.KaimingNormal(key, shape, 1), Math.Sqrt(1.0 / 300)),
        ["Orthogonal"] = ((key, shape) => Initializations.Orthogonal(key, shape), Math.Sqrt(1.0 / 300)),
    };

    public static TheoryData<string> Names => [.. Spreads.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Initialization_OfAMatrix_HasItsStandardDeviation(string name)
    {
        var x = Spreads[name].Draw(Seed, [200, 300]);
        Assert.InRange(StandardDeviation(x, [0, 1]).Item() / Spreads[name].Deviation, 0.99, 1.01);
        Assert.InRange(Mean(x).Item() / Spreads[name].Deviation, -0.02, 0.02);
        Assert.Equal(x.ToArray(), Spreads[name].Draw(Seed, [200, 300]).ToArray());
    }

    [Theory, InlineData(5, 8), InlineData(8, 5)]
    public void Orthogonal_RowsOrColumns_AreOrthogonal(int rows, int columns)
    {
        var x = Initializations.Orthogonal(Seed, [rows, columns], 2);
        var products = MatMul(x, x, transposeA: rows > columns, transposeB: rows <= columns);
        var identity = OneHot(Tensor.Range(5), 5) * 4;
        Assert.All((products - identity).ToArray(), error => Assert.InRange(error, -1e-6, 1e-6));
    }

    /// <summary>The product of a turned query and key depends on the distance of their positions alone.</summary>
    [Fact]
    public void Rotary_OfOneVectorAtAllPositions_DependsOnTheDistance()
    {
        var (q, k) = (Tensor.Normal(Seed.At(0), [1, 8]), Tensor.Normal(Seed.At(1), [1, 8]));
        var scores = MatMul(Rotary.Turn(q.Tile(0, 6)), Rotary.Turn(k.Tile(0, 6)), transposeB: true);
        for (var t = 1; t < 6; t++)
            Assert.All((scores[t, 1..] - scores[t - 1, ..^1]).ToArray(), error => Assert.InRange(error, -1e-5, 1e-5));
        Assert.True(Math.Abs((scores[0, 0] - scores[0, 3]).Item()) > 1e-2);
        Assert.Equal(Rotary.Turn(q.Tile(0, 6))[4..].ToArray(), Rotary.Turn(q.Tile(0, 2), start: 4).ToArray());
    }

    [Fact]
    public void RmsNorm_OfAVector_HasSizeOne()
    {
        var y = RmsNorm.Init(64).Forward(Tensor.Normal(Seed, [3, 64]) * 5);
        Assert.All(Mean(y * y, -1).ToArray(), size => Assert.InRange(size, 0.9999, 1.0001));
    }
}
