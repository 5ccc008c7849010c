using static Makemore.Primitives;

namespace Makemore.Tests;

/// <summary>A primitive and the shapes of its operands in tests.</summary>
/// <param name="Run">Runs the operation on the engine of its operands.</param>
/// <param name="Shapes">The operands' shapes.</param>
/// <param name="IsPositive">Whether it needs positive operands.</param>
internal sealed record PrimitiveRow(Func<Tensor[], Tensor> Run, Shape[] Shapes, bool IsPositive = false)
{
    private static readonly Tensor Ids = Tensor.Of([2, 0, 2, 1], [2, 2]);
    private static readonly Tensor Pairs = Tensor.Of([0, 2, 1, 0, 2, 2, 0, 0, 1, 1, 0, 1, 2, 0, 1, 2], [2, 4, 2]);
    private static readonly Tensor Targets = Tensor.Of([2, -1, 0, 1], [2, 2]);
    private static readonly Tensor Live = Tensor.Of([1f, 1, 0, 1, 1, 1], [2, 3]);
    private static readonly Tensor Mask = Tensor.Of([1f, 0, 1], [3]);
    private static readonly Tensor Places = Tensor.Of([1, 0, 1, 3, 2, 2], [2, 3, 1]);
    private static readonly Tensor OtherPlaces = Tensor.Of([1, 0, 3, 3, 2, 0], [2, 3, 1]);
    private static readonly Func<Tensor, Tensor> SignedSquare = Primitive.Define(
        x => x * Abs(x), (g, x, _) => 2 * g * Abs(x), "SignedSquare");
    private static readonly Func<Tensor, Tensor, Tensor> Difference = Primitive.Define(
        (a, b) => a - b, (g, _, _, _) => (g, -g), "Difference");

    /// <summary>Every primitive: one table for finite differences and for the comparison of engines.</summary>
    public static IReadOnlyDictionary<string, PrimitiveRow> All { get; } = new Dictionary<string, PrimitiveRow>
    {
        ["a + b"] = new(x => x[0] + x[1], [[2, 3], [2, 3]]),
        ["a + b, broadcast"] = new(x => x[0] + x[1], [[2, 3], [3]]),
        ["a + a"] = new(x => x[0] + x[0], [[2, 3]]),
        ["a - b, broadcast"] = new(x => x[0] - x[1], [[2, 1], [1, 3]]),
        ["a * b"] = new(x => x[0] * x[1], [[2, 3], [2, 3]]),
        ["a * b, broadcast"] = new(x => x[0] * x[1], [[2, 3, 2], [3, 1]]),
        ["a * b, one number"] = new(x => x[0] * x[1], [[], [2, 3]]),
        ["a / b"] = new(x => x[0] / x[1], [[2, 3], [2, 3]], IsPositive: true),
        ["a / b, broadcast"] = new(x => x[0] / x[1], [[3], [2, 3]], IsPositive: true),
        ["numbers"] = new(x => (2 - (3 * -x[0] / 4) + 1) * 0.5f, [[2, 3]]),
        ["Affine"] = new(x => Affine(x[0], 1.5f, -2), [[2, 3]]),
        ["Where"] = new(x => Where(Mask.To(x[0].Engine), x[0], x[1]), [[2, 3], [2, 1]]),
        ["numbers, doubles and integers"] = new(
            x => (1 / x[0]) + (0.5 * x[0]) + (x[0] * 2.5) + (3 * x[0]) - (x[0] % 0.7), [[2, 3]], IsPositive: true),
        ["integers and numbers"] = new(x => x[0] * Pairs.To(x[0].Engine).Slice(0, 0, 1) / 2, [[1, 4, 2]]),
        ["a % b"] = new(x => x[0] % x[1], [[2, 3], [3]], IsPositive: true),
        ["Minimum and Maximum"] = new(x => Minimum(x[0], x[1]) + (2 * Maximum(x[0], x[1])), [[2, 3], [3]]),
        ["Maximum of equal elements"] = new(x => Maximum(x[0], x[0]) * Minimum(x[0], x[0]), [[2, 3]]),
        ["Clip"] = new(x => Clip(x[0], -0.5, 0.7) + Clip(x[0], 0, 9), [[4, 5]]),
        ["comparisons"] = new(
            x => (x[0] * Less(x[0], x[1])) + (x[1] * LessOrEqual(x[0], x[1])) + (x[0] * GreaterOrEqual(x[1], 0.1))
                + (x[0] * NotEqual(x[0], x[1])),
            [[2, 3], [3]]),
        ["Where with a number"] = new(x => Where(Mask.To(x[0].Engine), x[0], 2) * Where(Mask.To(x[0].Engine), 3, x[0]), [[2, 3]]),
        ["Abs"] = new(x => Abs(x[0]), [[4, 5]]),
        ["Sin and Cos"] = new(x => Sin(3 * x[0]) * Cos(x[0]), [[4, 5]]),
        ["Rsqrt"] = new(x => Rsqrt(x[0]), [[2, 3]], IsPositive: true),
        ["Erf"] = new(x => Erf(x[0]), [[4, 5]]),
        ["GeluExact"] = new(x => GeluExact(x[0]), [[4, 5]]),
        ["Silu"] = new(x => Silu(x[0]), [[4, 5]]),
        ["Softplus"] = new(x => Softplus(2 * x[0]), [[4, 5]]),
        ["Softmax of one dimension"] = new(x => Softmax(x[0], 1), [[2, 5, 2]]),
        ["Softmax of several dimensions"] = new(x => Softmax(x[0], [0, 2]), [[2, 3, 2]]),
        ["LogSoftmax of several dimensions"] = new(x => LogSoftmax(x[0], [0, 1]), [[2, 3, 2]]),
        ["Sum of several dimensions"] = new(x => Sum(x[0], [0, 2]), [[2, 3, 2]]),
        ["Mean of several dimensions"] = new(x => Mean(x[0], [1, 2], keepDimension: true), [[2, 3, 2]]),
        ["Max and Min"] = new(x => Max(x[0]) - Min(x[0]) + Min(x[0], 0) + Max(x[0], [0, 1]) - Min(x[0], [0, 1]), [[4, 5]]),
        ["LogSumExp"] = new(x => LogSumExp(x[0], 1), [[2, 5, 2]]),
        ["LogSumExp of several dimensions"] = new(x => LogSumExp(x[0], [0, 2], keepDimension: true), [[2, 3, 2]]),
        ["Variance"] = new(x => Variance(x[0], 1), [[2, 5, 2]]),
        ["StandardDeviation"] = new(x => StandardDeviation(x[0], [0, 1], correction: 0), [[2, 3, 2]]),
        ["Norm"] = new(x => Norm(x[0], 1), [[2, 5, 2]]),
        ["Norm of order 1, 3 and infinity"] = new(
            x => Norm(x[0], [0, 1], 1) + Norm(x[0], 1, 3) + Norm(x[0], 1, float.PositiveInfinity), [[2, 4]]),
        ["CumulativeMax"] = new(x => CumulativeMax(x[0], 1), [[2, 5, 2]]),
        ["LogCumulativeSumExp"] = new(x => LogCumulativeSumExp(x[0], 1), [[2, 5, 2]]),
        ["LinearRecurrence"] = new(x => LinearRecurrence(x[0], x[1], 1), [[2, 5, 2], [5, 1]]),
        ["Sort"] = new(x => Sort(x[0], 1).Values, [[2, 5, 2]]),
        ["TopK"] = new(x => TopK(x[0], 2).Values, [[2, 5]]),
        ["GatherAlong"] = new(x => x[0].GatherAlong(2, Places.To(x[0].Engine)), [[2, 3, 4]]),
        ["ScatterAddAlong"] = new(x => x[0].ScatterAddAlong(2, Places.To(x[0].Engine), x[1]), [[2, 3, 4], [3, 1]]),
        ["ScatterAlong"] = new(x => x[0].ScatterAlong(2, OtherPlaces.To(x[0].Engine), x[1]), [[2, 3, 4], [2, 3, 1]]),
        ["Take"] = new(x => x[0].Take(1, Ids.To(x[0].Engine)), [[2, 3, 2]]),
        ["IndexAdd"] = new(x => x[0].IndexAdd(1, Ids.To(x[0].Engine).Reshape([-1]), x[1]), [[2, 3, 2], [2, 4, 2]]),
        ["Permute"] = new(x => x[0].Permute([2, 0, 1]), [[2, 3, 4]]),
        ["Split, uneven"] = new(x => x[0].Split(-1, [1, 3]) is var parts ? parts[0] * parts[1] : parts[0], [[2, 4]]),
        ["Flip, Roll"] = new(x => x[0].Flip(1) * x[0].Roll(1, -2), [[2, 5, 2]]),
        ["Repeat, Tile"] = new(x => x[0].Repeat(1, 3) * x[0].Tile(1, 3), [[2, 3, 2]]),
        ["Pad"] = new(x => x[0].Pad(1, 1, 2, 0.5), [[2, 3, 2]]),
        ["Triangles"] = new(x => x[0].LowerTriangle() + x[0].UpperTriangle(1) + x[0].LowerTriangle(-1), [[2, 3, 4]]),
        ["Einsum"] = new(x => Einsum("bthd,bshd->bhts", x[0], x[1]), [[2, 3, 2, 4], [2, 2, 2, 4]]),
        ["Einsum of three"] = new(x => Einsum("ab,bc,cd->da", x[0], x[1], x[2]), [[2, 3], [3, 4], [4, 2]]),
        ["Einsum of one"] = new(x => Einsum("abc->ca", x[0]), [[2, 3, 4]]),
        ["indexers"] = new(x => x[0][0] * x[0][^1, ..] * x[0][1, .., 1..] * x[0][1..2, .., ..2][0], [[2, 3, 2]]),
        ["indexer by ids"] = new(x => x[0][Ids.To(x[0].Engine)], [[3, 2]]),
        ["RmsNorm"] = new(x => new RmsNorm(x[1]).Forward(x[0]), [[2, 2, 5], [5]]),
        ["Rotary"] = new(x => Rotary.Turn(x[0], start: 2), [[2, 3, 4]]),
        ["Primitive of one's own"] = new(x => SignedSquare(x[0]), [[4, 5]]),
        ["Primitive of one's own, of two"] = new(x => Difference(x[0], x[0] * x[1]), [[2, 3], [2, 3]]),
        ["Equal and Greater"] = new(x => x[0] * Greater(x[0], x[1]) * Equal(x[1], x[1]), [[2, 3], [3]]),
        ["Exp"] = new(x => Exp(x[0]), [[2, 3]]),
        ["Log"] = new(x => Log(x[0]), [[2, 3]], IsPositive: true),
        ["Sqrt"] = new(x => Sqrt(x[0]), [[2, 3]], IsPositive: true),
        ["Power 3"] = new(x => Power(x[0], 3), [[2, 3]]),
        ["Power 1"] = new(x => Power(x[0], 1), [[2, 3]]),
        ["Power -2"] = new(x => Power(x[0], -2), [[2, 3]], IsPositive: true),
        ["Power 0.3"] = new(x => Power(x[0], 0.3f), [[2, 3]], IsPositive: true),
        ["Tanh"] = new(x => Tanh(x[0]), [[2, 3]]),
        ["Sigmoid"] = new(x => Sigmoid(x[0]), [[2, 3]]),
        ["Relu"] = new(x => Relu(x[0]), [[4, 5]]),
        ["Gelu"] = new(x => Gelu(x[0]), [[4, 5]]),
        ["Softmax"] = new(x => Softmax(x[0]), [[2, 2, 5]]),
        ["LogSoftmax"] = new(x => LogSoftmax(x[0]), [[2, 2, 5]]),
        ["Standardize"] = new(x => Standardize(x[0], 1e-5f), [[2, 2, 5]]),
        ["LayerNormalize"] = new(x => LayerNormalize(x[0], x[1], x[2], 1e-5f), [[2, 2, 5], [5], [5]]),
        ["BatchNormalize"] = new(x => BatchNormalize(x[0], x[1], x[2], Live.To(x[0].Engine), 1e-5f).Y, [[2, 3, 2], [2], [2]]),
        ["MaskFuture"] = new(x => Softmax(MaskFuture(x[0])), [[2, 3, 5]]),
        ["TokenLoss"] = new(x => TokenLoss(x[0], Targets.To(x[0].Engine)), [[2, 2, 3]]),
        ["CrossEntropy"] = new(x => CrossEntropy(x[0], Targets.To(x[0].Engine)), [[2, 2, 3]]),
        ["Sum"] = new(x => Sum(x[0]), [[2, 3, 2]]),
        ["Sum of one dimension"] = new(x => Sum(x[0], 1), [[2, 3, 2]]),
        ["Sum, dimension kept"] = new(x => Sum(x[0], -1, keepDimension: true), [[2, 3]]),
        ["Mean"] = new(x => Mean(x[0]), [[2, 3]]),
        ["Mean of one dimension"] = new(x => Mean(x[0], 0), [[2, 3]]),
        ["Max"] = new(x => Max(x[0], 1), [[2, 5, 2]]),
        ["CumulativeSum"] = new(x => CumulativeSum(x[0], 1), [[2, 4, 2]]),
        ["MatMul"] = new(x => MatMul(x[0], x[1]), [[2, 3], [3, 4]]),
        ["MatMul of aᵀ"] = new(x => MatMul(x[0], x[1], transposeA: true), [[3, 2], [3, 4]]),
        ["MatMul of bᵀ"] = new(x => MatMul(x[0], x[1], transposeB: true), [[2, 3], [4, 3]]),
        ["MatMul of aᵀ and bᵀ"] = new(x => MatMul(x[0], x[1], true, true), [[3, 2], [4, 3]]),
        ["MatMul in batches"] = new(x => MatMul(x[0], x[1], transposeB: true), [[2, 2, 3], [2, 4, 3]]),
        ["MatMul, b shared"] = new(x => MatMul(x[0], x[1]), [[2, 2, 3], [3, 4]]),
        ["MatMul, bᵀ shared"] = new(x => MatMul(x[0], x[1], transposeB: true), [[2, 2, 3], [4, 3]]),
        ["MatMul, aᵀ with b shared"] = new(x => MatMul(x[0], x[1], transposeA: true), [[2, 3, 2], [3, 4]]),
        ["MatMul, a shared"] = new(x => MatMul(x[0], x[1]), [[2, 3], [2, 3, 4]]),
        ["MatMul, its cotangent shared and then added to"] = new(
            x =>
            {
                var product = MatMul(x[0], x[1]);
                var later = Tanh(product);
                return product + MatMul(x[2], x[3]) + (2 * later);
            },
            [[2, 3], [3, 4], [2, 3], [3, 4]]),
        ["MatMul, both broadcast"] = new(x => MatMul(x[0], x[1], true, true), [[2, 1, 3, 2], [3, 4, 3]]),
        ["LinearMap"] = new(x => LinearMap(x[0], x[1]), [[2, 2, 3], [4, 3]]),
        ["LinearMap with bias"] = new(x => LinearMap(x[0], x[1], x[2]), [[2, 2, 3], [4, 3], [4]]),
        ["LinearMap of rows of a table"] = new(
            x => LinearMap(Gather(x[0], Pairs.To(x[0].Engine)).Flatten(-2), x[1]), [[3, 2], [5, 4]]),
        ["LinearMap of rows of a table, with bias"] = new(
            x => LinearMap(Gather(x[0], Pairs.To(x[0].Engine)).Flatten(-2), x[1], x[2]), [[3, 2], [5, 4], [5]]),
        ["LinearMap of one row"] = new(x => LinearMap(x[0], x[1], x[2]), [[3], [4, 3], [4]]),
        ["Reshape"] = new(x => x[0].Reshape([3, -1]), [[2, 3]]),
        ["Flatten"] = new(x => x[0].Flatten(-2), [[2, 3, 2]]),
        ["Transpose"] = new(x => x[0].Transpose(0, -1), [[2, 3, 4]]),
        ["Slice"] = new(x => x[0].Slice(1, 1, 2), [[2, 4, 2]]),
        ["Slices that overlap"] = new(x => x[0].Slice(1, 0, 3) * x[0].Slice(1, 1, 3), [[2, 4, 2]]),
        ["Slices and the whole"] = new(x => x[0].At(1, 0) * x[0].At(1, 1) * Sum(x[0], 1), [[2, 3]]),
        ["Slice of all"] = new(x => x[0].Slice(0, 0, 2), [[2, 3]]),
        ["At"] = new(x => x[0].At(-1, 2), [[2, 3]]),
        ["Split"] = new(x => x[0].Split(-1, 2) is var parts ? parts[0] * parts[1] : parts[0], [[2, 4]]),
        ["Concat"] = new(x => Concat(1, x), [[2, 3], [2, 1], [2, 2]]),
        ["Concat of one twice"] = new(x => Concat(0, x[0], x[0]), [[2, 3]]),
        ["Stack"] = new(x => Stack(-1, x), [[2, 3], [2, 3]]),
        ["BroadcastTo"] = new(x => BroadcastTo(x[0], [2, 4, 3]), [[4, 1]]),
        ["Gather"] = new(x => Gather(x[0], Ids.To(x[0].Engine)), [[3, 4]]),
    };

    /// <summary>The operands on an engine: numbers far enough apart and from 0 that no finite difference crosses a
    /// kink.</summary>
    public Tensor[] Operands(IEngine engine) =>
        [.. Shapes.Select((shape, i) => Spread(Key.FromSeed(i), shape, IsPositive).To(engine))];

    /// <summary>A weighted sum of the result, with distinct weights, so that errors do not cancel.</summary>
    public Tensor Weighted(Tensor[] operands)
    {
        var y = Run(operands);
        return Sum(y * Tensor.Of(Key.FromSeed(5).Uniforms(y.Shape.Size, 0.5f, 1.5f), y.Shape, y.Engine));
    }

    private static Tensor Spread(Key key, Shape shape, bool isPositive)
    {
        var order = new Permutation(key, shape.Size);
        var values = Enumerable.Range(0, shape.Size).Select(i => ((order[i] + 0.6f) / shape.Size * 2.4f) - 1.2f);
        return Tensor.Of([.. values.Select(value => isPositive ? value + 1.8f : value)], shape);
    }
}
