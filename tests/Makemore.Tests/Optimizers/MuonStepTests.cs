using static Makemore.Primitives;

namespace Makemore.Tests;

public sealed class MuonStepTests
{
    private static readonly Key Seed = Key.FromSeed(8);

    public static TheoryData<int, int> Shapes => new() { { 6, 6 }, { 5, 9 }, { 9, 5 }, { 1, 7 }, { 7, 1 } };

    /// <summary>U S Vᵀ becomes U p(S) Vᵀ, where p is the polynomial, applied five times to each singular value.</summary>
    [Theory, MemberData(nameof(Shapes))]
    public void Orthogonalize_OfKnownSingularValues_MapsEachByThePolynomial(int rows, int columns)
    {
        double[] values = [.. Enumerable.Range(0, Math.Min(rows, columns)).Select(i => 3 / Math.Pow(2, i))];
        var norm = Math.Sqrt(values.Sum(s => s * s));
        var mapped = Array.ConvertAll(values, s => Enumerable.Range(0, 5).Aggregate(
            s / norm, (x, _) => (3.4445 * x) - (4.7750 * Math.Pow(x, 3)) + (2.0315 * Math.Pow(x, 5))));
        Assert.All(mapped, s => Assert.InRange(s, 0.68, 1.14));
        var result = MuonStep.Orthogonalize(WithSingularValues(rows, columns, values));
        var error = result - WithSingularValues(rows, columns, mapped);
        Assert.All(error.ToArray(), difference => Assert.InRange(difference, -1e-5, 1e-5));
    }

    [Fact]
    public void Orthogonalize_OfManyMatrices_IsThatOfEach()
    {
        var many = Tensor.Normal(Seed, [3, 8, 5]);
        var together = MuonStep.Orthogonalize(many);
        for (var i = 0; i < 3; i++)
            Assert.All((MuonStep.Orthogonalize(many.At(0, i)) - together.At(0, i)).ToArray(), error => Assert.InRange(error, -1e-6, 1e-6));
    }

    [Fact]
    public void Orthogonalize_OfZeros_IsZero() =>
        Assert.All(MuonStep.Orthogonalize(Tensor.Zeros([3, 2])).ToArray(), value => Assert.Equal(0, value));

    /// <summary>The gradient (3 0; 0 4) has singular values 0.6 and 0.8 of its norm; half of its mean is one step's.</summary>
    [Fact]
    public void Step_OfADiagonalMatrix_IsAsComputedByHand()
    {
        var (mean, update) = MuonStep.Of(Tensor.Of([3f, 0, 0, 4], [2, 2]), Tensor.Zeros([2, 2]), 0.5f);
        Assert.Equal([1.5f, 0, 0, 2], mean.ToArray());
        Assert.Equal([Scaled(0.6), 0, 0, Scaled(0.8)], update.ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);

        static float Scaled(double x)
        {
            for (var i = 0; i < 5; i++)
                x = (3.4445 * x) - (4.7750 * x * x * x) + (2.0315 * x * x * x * x * x);
            return (float)(0.2 * Math.Sqrt(2) * x);
        }
    }

    /// <summary>Tables and vectors are not matrices to it, nor is the last matrix with a row per token.</summary>
    [Fact]
    public void HiddenMatrices_OfAModel_AreWithoutEmbeddingsAndOutput()
    {
        var model = new Model(Embedding.Init(Seed, 4, 4), Linear.Init(Seed, 4, 4), Linear.Init(Seed, 4, 6), Linear.Init(Seed, 6, 4));
        Assert.Equal(["first.weight", "second.weight"], MuonStep.HiddenMatrices(Tree.Leaves(model), 4).Order());
        Assert.Equal(["first.weight", "head.weight", "second.weight"], MuonStep.HiddenMatrices(Tree.Leaves(model), 5).Order());
    }

    private static Tensor WithSingularValues(int rows, int columns, double[] values)
    {
        var u = Initializations.Orthogonal(Seed.At(0), [rows, values.Length]);
        var v = Initializations.Orthogonal(Seed.At(1), [values.Length, columns]);
        return MatMul(u * Tensor.Of([.. values.Select(s => (float)s)], [values.Length]), v);
    }

    private sealed record Model(Embedding Wte, Linear First, Linear Second, Linear Head);
}
