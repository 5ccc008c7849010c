namespace Makemore.Tests;

/// <summary>Products at every size near the edges of tiles, bit for bit: sums over k in order, with fused multiply-adds; sums
/// over many rows of both matrices in two halves.</summary>
public sealed class MatMulTests
{
    private static readonly IEngine[] Engines =
    [
        new ManagedEngine<V1>(1), new ManagedEngine<V4>(1), new ManagedEngine<V8>(2), new ManagedEngine<V16>(3),
    ];

    [Theory, InlineData(false, false), InlineData(true, false), InlineData(false, true), InlineData(true, true)]
    public void MatMul_OfEverySize_AccumulatesInOrder(bool transposeX, bool transposeY)
    {
        int[] sizes = [1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 40];
        foreach (var m in sizes)
            foreach (var n in sizes)
                AssertProduct(m, n, sizes[(m + n) % sizes.Length], transposeX, transposeY);
    }

    [Theory]
    [InlineData(3, 70, 900, false, false), InlineData(200, 65, 130, false, false), InlineData(64, 600, 20, false, true)]
    [InlineData(20, 33, 2000, true, false), InlineData(64, 64, 127, true, false), InlineData(9, 70, 128, true, false)]
    [InlineData(100, 40, 180, true, false), InlineData(33, 20, 389, true, true), InlineData(1, 30, 500, true, false)]
    [InlineData(2, 150, 40, false, true), InlineData(2, 150, 40, false, false), InlineData(3, 280, 600, false, true)]
    [InlineData(150, 45, 2600, false, true), InlineData(70, 110, 2300, true, false)]
    [InlineData(0, 5, 5, false, false), InlineData(5, 0, 5, false, true), InlineData(5, 5, 0, true, true)]
    public void MatMul_OfLargeAndEmpty_AccumulatesInOrder(int m, int n, int k, bool transposeX, bool transposeY) =>
        AssertProduct(m, n, k, transposeX, transposeY);

    [Theory, InlineData(20, 33, 300), InlineData(9, 40, 128), InlineData(20, 33, 60), InlineData(1, 30, 300), InlineData(99, 30, 90)]
    public void AccumulateMatMul_OfRows_AddsTheProduct(int m, int n, int k)
    {
        float[] x = Key.FromSeed(1).Normals(m * k), y = Key.FromSeed(2).Normals(k * n), sum = Key.FromSeed(3).Normals(m * n);
        var (product, result) = (new float[m * n], new float[m * n]);
        foreach (var engine in Engines)
        {
            foreach (var transpose in (bool[])[true, false])
            {
                var (left, right) = (engine.FromFloats(x, transpose ? [k, m] : [m, k]), engine.FromFloats(y, [k, n]));
                engine.Read(engine.MatMul(left, right, transpose, false, [m, n]), product);
                engine.Read(engine.AccumulateMatMul(engine.FromFloats(sum, [m, n]), left, right, transpose, false), result);
                Assert.Equal(sum.Zip(product, (one, other) => one + other), result);
            }
        }
    }

    [Fact]
    public void MatMul_WithTheSameMatrixInOtherShapes_UsesEachShape()
    {
        foreach (var engine in Engines)
        {
            var right = engine.FromFloats(Key.FromSeed(2).Normals(24 * 40), [24, 40]);
            foreach (var (k, n) in ((int, int)[])[(24, 40), (40, 24), (24, 40), (60, 16)])
                foreach (var transpose in (bool[])[false, true, false])
                {
                    var (seen, x) = (right with { Shape = transpose ? [n, k] : [k, n] }, Key.FromSeed(3).Normals(9 * k));
                    var result = new float[9 * n];
                    engine.Read(engine.MatMul(engine.FromFloats(x, [9, k]), seen, false, transpose, [9, n]), result);
                    Assert.Equal(Product(x, Key.FromSeed(2).Normals(24 * 40), 9, n, k, false, transpose), result);
                }
        }
    }

    private static void AssertProduct(int m, int n, int k, bool transposeX, bool transposeY)
    {
        float[] x = Key.FromSeed(m).Normals(m * k), y = Key.FromSeed(-n).Normals(k * n);
        var expected = Product(x, y, m, n, k, transposeX, transposeY);
        var result = new float[m * n];
        foreach (var engine in Engines)
        {
            var left = engine.FromFloats(x, transposeX ? [k, m] : [m, k]);
            var right = engine.FromFloats(y, transposeY ? [n, k] : [k, n]);
            engine.Read(engine.MatMul(left, right, transposeX, transposeY, [m, n]), result);
            Assert.True(expected.AsSpan().SequenceEqual(result), $"({m}, {k}) · ({k}, {n}) on {engine.GetType()}");
        }
    }

    private static float[] Product(float[] x, float[] y, int m, int n, int k, bool transposeX, bool transposeY)
    {
        var product = new float[m * n];
        for (var row = 0; row < m; row++)
            for (var column = 0; column < n; column++)
                product[(row * n) + column] = transposeX && m > 1
                    ? NaiveEngine.SumOverRows(k, (from, to) => Sum(row, column, from, to))
                    : Sum(row, column, 0, k);
        return product;

        float Sum(int row, int column, int from, int to)
        {
            var sum = 0f;
            for (var i = from; i < to; i++)
                sum = MathF.FusedMultiplyAdd(
                    x[transposeX ? (i * m) + row : (row * k) + i], y[transposeY ? (column * k) + i : (i * n) + column], sum);
            return sum;
        }
    }
}
