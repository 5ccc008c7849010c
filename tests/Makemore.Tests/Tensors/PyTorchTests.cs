using System.Reflection;
using System.Runtime.CompilerServices;
using Makemore.Tests.Scripts;
using static Makemore.Primitives;

namespace Makemore.Tests;

/// <summary>Every operation compared with PyTorch's, which generate.py recorded.</summary>
public sealed class PyTorchTests
{
    private static readonly Dictionary<string, Tensor> Recorded = Safetensors
        .Read(Path.Combine(Path.GetDirectoryName(Here())!, "torch.safetensors")).Value()
        .Leaves.ToDictionary(leaf => leaf.Name, leaf => leaf.Value);

    private static readonly Tensor Targets = Tensor.Of([2, -1, 0, 1, 2, -1], [2, 3]);
    private static readonly Tensor Places = Tensor.Of([2, 0, 1, 1, 3, 3, 0, 2, 4, 1, 1, 0], [3, 4]);
    private static readonly Tensor Distinct = Tensor.Of([2, 0, 3, 1, 4, 0], [3, 2]);

    private static readonly Dictionary<string, Func<Tensor[], Tensor>> Cases = new()
    {
        ["Add"] = x => x[0] + x[1],
        ["Add, integers"] = x => x[0] + x[1],
        ["Add, an integer and a number"] = x => x[0] + x[1],
        ["Subtract"] = x => x[0] - x[1],
        ["Subtract, integers"] = x => x[0] - x[1],
        ["Multiply"] = x => x[0] * x[1],
        ["Multiply, integers"] = x => x[0] * x[1],
        ["Divide"] = x => x[0] / x[1],
        ["Divide, integers"] = x => x[0] / x[1],
        ["Divide, a number"] = x => 1 / x[0],
        ["Remainder"] = x => x[0] % x[1],
        ["Remainder, integers"] = x => x[0] % x[1],
        ["Minimum"] = x => Minimum(x[0], x[1]),
        ["Maximum"] = x => Maximum(x[0], x[1]),
        ["Maximum, equal elements"] = x => Maximum(x[0], x[1]),
        ["Clip"] = x => Clip(x[0], -0.5, 0.7),
        ["Clip, at the bounds"] = x => Clip(x[0], -0.5, 0.75),
        ["Affine"] = x => Affine(x[0], 1.5f, -2),
        ["OnesLike"] = x => OnesLike(x[0]),
        ["ZerosLike"] = x => ZerosLike(x[0]),
        ["Equal"] = x => Equal(x[0], x[1]),
        ["NotEqual"] = x => NotEqual(x[0], x[1]),
        ["Less"] = x => Less(x[0], x[1]),
        ["LessOrEqual"] = x => LessOrEqual(x[0], x[1]),
        ["Greater"] = x => Greater(x[0], x[1]),
        ["GreaterOrEqual"] = x => GreaterOrEqual(x[0], x[1]),
        ["GreaterOrEqual, NaN"] = x => GreaterOrEqual(x[0], x[1]),
        ["IsAtLeast"] = x => IsAtLeast(x[0], 1),
        ["Where"] = x => Where(Greater(x[0], 0), x[1], x[2]),
        ["OneHot"] = x => OneHot(x[0], 4),
        ["Exp"] = x => Exp(x[0]),
        ["Log"] = x => Log(x[0]),
        ["Sqrt"] = x => Sqrt(x[0]),
        ["Rsqrt"] = x => Rsqrt(x[0]),
        ["Power"] = x => Power(x[0], 3),
        ["Power, 0.3"] = x => Power(x[0], 0.3f),
        ["Abs"] = x => Abs(x[0]),
        ["Sign"] = x => Sign(x[0]),
        ["Sin"] = x => Sin(x[0]),
        ["Cos"] = x => Cos(x[0]),
        ["Erf"] = x => Erf(x[0]),
        ["Tanh"] = x => Tanh(x[0]),
        ["Sigmoid"] = x => Sigmoid(x[0]),
        ["Relu"] = x => Relu(x[0]),
        ["Gelu"] = x => Gelu(x[0]),
        ["GeluExact"] = x => GeluExact(x[0]),
        ["Silu"] = x => Silu(x[0]),
        ["Softplus"] = x => Softplus(x[0]),
        ["Softmax"] = x => Softmax(x[0]),
        ["Softmax, a dimension"] = x => Softmax(x[0], 1),
        ["Softmax, several dimensions"] = x => Softmax(x[0], [0, 2]),
        ["LogSoftmax"] = x => LogSoftmax(x[0]),
        ["LogSoftmax, a dimension"] = x => LogSoftmax(x[0], 0),
        ["Standardize"] = x => Standardize(x[0], 1e-5f),
        ["LayerNormalize"] = x => LayerNormalize(x[0], x[1], x[2], 1e-5f),
        ["BatchNormalize"] = x => BatchNormalize(x[0], x[1], x[2], Tensor.Ones([4, 3]), 1e-5f).Y,
        ["MaskFuture"] = x => Where(Equal(MaskFuture(x[0]), float.NegativeInfinity), 7, MaskFuture(x[0])),
        ["TokenLoss"] = x => TokenLoss(x[0], Targets),
        ["CrossEntropy"] = x => CrossEntropy(x[0], Targets),
        ["CrossEntropy, smoothed"] = x => CrossEntropy(x[0], Targets, 0.1f),
        ["LiveCount"] = x => Tensor.Full(LiveCount(x[0]), []),
        ["Sum"] = x => Sum(x[0]),
        ["Sum, a dimension"] = x => Sum(x[0], 1),
        ["Sum, several dimensions"] = x => Sum(x[0], [0, 2]),
        ["Mean"] = x => Mean(x[0]),
        ["Mean, several dimensions"] = x => Mean(x[0], [1, 2], keepDimension: true),
        ["Max"] = x => Max(x[0], 1),
        ["Max, equal elements"] = x => Max(x[0], 0),
        ["Max, several dimensions"] = x => Max(x[0], [0, 2]),
        ["Min"] = x => Min(x[0], 1),
        ["LogSumExp"] = x => LogSumExp(x[0], 1),
        ["LogSumExp, several dimensions"] = x => LogSumExp(x[0], [0, 2]),
        ["Variance"] = x => Variance(x[0], 1),
        ["Variance, several dimensions"] = x => Variance(x[0], [0, 2], correction: 0),
        ["StandardDeviation"] = x => StandardDeviation(x[0], 1),
        ["Norm"] = x => Norm(x[0], 1),
        ["Norm, at zero"] = x => Norm(x[0], 0),
        ["Norm, order 1"] = x => Norm(x[0], 1, 1),
        ["Norm, order 3"] = x => Norm(x[0], 1, 3),
        ["Norm, order infinity"] = x => Norm(x[0], 1, float.PositiveInfinity),
        ["CumulativeSum"] = x => CumulativeSum(x[0], 1),
        ["CumulativeMax"] = x => CumulativeMax(x[0], 1),
        ["CumulativeMax, equal elements"] = x => CumulativeMax(x[0], 0),
        ["LogCumulativeSumExp"] = x => LogCumulativeSumExp(x[0], 1),
        ["LinearRecurrence"] = x => LinearRecurrence(x[0], x[1], 1),
        ["ArgMax"] = x => ArgMax(x[0], 1),
        ["ArgMin"] = x => ArgMin(x[0], 1),
        ["ArgSort"] = x => ArgSort(x[0], 1),
        ["ArgSort, descending"] = x => ArgSort(x[0], 1, descending: true),
        ["Sort"] = x => Sort(x[0], 1).Values,
        ["Sort, descending"] = x => Sort(x[0], 1, descending: true).Values,
        ["TopK"] = x => TopK(x[0], 2, 1).Values,
        ["Gather"] = x => Gather(x[0], x[1]),
        ["Take"] = x => x[0].Take(1, x[1]),
        ["GatherAlong"] = x => x[0].GatherAlong(1, Places),
        ["ScatterAlong"] = x => x[0].ScatterAlong(1, Distinct, x[1]),
        ["ScatterAddAlong"] = x => x[0].ScatterAddAlong(1, Places, x[1]),
        ["IndexAdd"] = x => x[0].IndexAdd(1, x[1], x[2]),
        ["Reshape"] = x => x[0].Reshape([3, -1]),
        ["Flatten"] = x => x[0].Flatten(1),
        ["Transpose"] = x => x[0].Transpose(0, 2),
        ["Permute"] = x => x[0].Permute([2, 0, 1]),
        ["Slice"] = x => x[0].Slice(1, 1, 2),
        ["Slice, indexer"] = x => x[0][.., 1..3],
        ["At"] = x => x[0].At(1, 2),
        ["At, indexer"] = x => x[0][^1, .., 0],
        ["Split"] = x => x[0].Split(1, [1, 3])[1],
        ["Concat"] = x => Concat(1, x),
        ["Stack"] = x => Stack(1, x),
        ["BroadcastTo"] = x => BroadcastTo(x[0], [2, 4, 3]),
        ["Flip"] = x => x[0].Flip(1),
        ["Roll"] = x => x[0].Roll(1, -3),
        ["Repeat"] = x => x[0].Repeat(1, 3),
        ["Tile"] = x => x[0].Tile(1, 3),
        ["Pad"] = x => x[0].Pad(1, 1, 2, 0.5),
        ["LowerTriangle"] = x => x[0].LowerTriangle(1),
        ["UpperTriangle"] = x => x[0].UpperTriangle(-1),
        ["MatMul"] = x => MatMul(x[0], x[1]),
        ["LinearMap"] = x => LinearMap(x[0], x[1], x[2]),
        ["Einsum"] = x => Einsum("bthd,bshd->bhts", x),
        ["Einsum, three operands"] = x => Einsum("ab,bc,dc->da", x),
        ["Einsum, without an arrow"] = x => Einsum("ba,bc", x),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Operation_ForwardAndBackward_AgreesWithPyTorch(string name)
    {
        var operands = Enumerable.Range(0, 4).Select(i => Recorded.GetValueOrDefault($"{name}/{i}")).OfType<Tensor>().ToArray();
        var value = Cases[name](operands);
        AssertClose("value", value, Recorded[$"{name}/value"]);
        if (!Recorded.Keys.Any(key => key.StartsWith($"{name}/grad", StringComparison.Ordinal)))
            return;
        var numbers = operands.Where(x => x.Type == ElementType.Float32).ToArray();
        var (_, grads) = Gradients.ValueAndGrad(numbers, x => Weighted(Cases[name](Merged(operands, x))));
        var places = operands.Index().Where(at => at.Item.Type == ElementType.Float32).Select(at => at.Index);
        foreach (var (grad, place) in grads.Zip(places))
            AssertClose($"gradient {place}", grad, Recorded[$"{name}/grad{place}"]);
    }

    [Fact]
    public void Cases_AreThoseRecordedAndThoseOfTheTable()
    {
        Assert.Equal(Recorded.Keys.Select(key => key.Split('/')[0]).Distinct().Order(), Cases.Keys.Order());
        Assert.Equal(OperationTable.Operations.Order(), Cases.Keys.Select(name => name.Split(',')[0]).Distinct().Order());
    }

    [Fact]
    public void Table_NamesEveryOperation()
    {
        Assert.Equal(Methods(typeof(Primitives)).Order(), OperationTable.Operations.Order());
        Assert.Equal(
            Methods(typeof(Tensor)).Select(name => $"Tensor.{name}")
                .Concat(Methods(typeof(Initializations)).Select(name => $"Initializations.{name}")).Order(),
            OperationTable.Creations.Order());
    }

    private static IEnumerable<string> Methods(Type type) => type
        .GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(method => !method.IsSpecialName).Select(method => method.Name).Distinct();

    /// <summary>The operands, their numbers in order replaced.</summary>
    private static Tensor[] Merged(Tensor[] operands, Tensor[] numbers)
    {
        var next = 0;
        return Array.ConvertAll(operands, x => x.Type == ElementType.Float32 ? numbers[next++] : x);
    }

    private static Tensor Weighted(Tensor y) =>
        Sum(y * Tensor.Of([.. Enumerable.Range(0, y.Shape.Size).Select(i => 0.5f + (i * 7 % 11 / 10f))], y.Shape));

    private static void AssertClose(string what, Tensor actual, Tensor expected)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.Type, actual.Type);
        if (expected.Type == ElementType.Int32)
            Assert.Equal(expected.ToInts(), actual.ToInts());
        else
            Difference.Assert(what, actual.ToArray(), expected.ToArray(), 1e-5);
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
