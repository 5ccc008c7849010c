using static Makemore.Primitives;

namespace Makemore.Tests;

/// <summary>The messages of wrong calls, word for word.</summary>
public sealed class FaultTests
{
    private static readonly Tensor Ids = Tensor.Of([0, 1], [2]);

    private static readonly Dictionary<string, Func<object>> Shapes = new()
    {
        ["Add: shapes do not broadcast, (2, 3) and (2)."] = () => Of(2, 3) + Of(2),
        ["Subtract: shapes do not broadcast, (2, 3) and (2)."] = () => Of(2, 3) - Of(2),
        ["Multiply: shapes do not broadcast, (2, 3) and (2)."] = () => Of(2, 3) * Of(2),
        ["Divide: shapes do not broadcast, (2, 3) and (2)."] = () => Of(2, 3) / Of(2),
        ["Equal: shapes do not broadcast, (2, 3) and (2)."] = () => Equal(Of(2, 3), Of(2)),
        ["Greater: shapes do not broadcast, (2, 3) and (2)."] = () => Greater(Of(2, 3), Of(2)),
        ["Where: shapes do not broadcast, (2, 3) and (2)."] = () => Where(Of(2), Of(2, 3), Of(3)),
        ["BroadcastTo: shapes do not broadcast, (2) and (2, 3)."] = () => BroadcastTo(Of(2), [2, 3]),
        ["BroadcastTo: (2, 3) does not broadcast to (3)."] = () => BroadcastTo(Of(2, 3), [3]),
        ["MatMul: inner sizes differ, (512, 64) · (65, 192)."] = () => MatMul(Of(512, 64), Of(65, 192)),
        ["MatMul: inner sizes differ, (2, 3)ᵀ · (4, 3)ᵀ."] = () => MatMul(Of(2, 3), Of(4, 3), true, true),
        ["MatMul: both operands need two dimensions or more, (3) · (3, 4)."] = () => MatMul(Of(3), Of(3, 4)),
        ["MatMul: shapes do not broadcast, (2) and (3)."] = () => MatMul(Of(2, 1, 3), Of(3, 3, 1)),
        ["Linear: inner sizes differ, input (2, 3) · weight (4, 5)ᵀ (out, in)."] = () => LinearMap(Of(2, 3), Of(4, 5)),
        ["Linear: bias (3) does not fit weight (4, 3) (out, in)."] = () => LinearMap(Of(2, 3), Of(4, 3), Of(3)),
        ["Reshape: (2, 3) has 6 elements, (4, -1) does not."] = () => Of(2, 3).Reshape([4, -1]),
        ["Flatten: (2, 3) has no dimension 2."] = () => Of(2, 3).Flatten(2),
        ["Transpose: (2, 3) has no dimension -3."] = () => Of(2, 3).Transpose(0, -3),
        ["Slice: 2 elements from 2 on are not in dimension 1 of (2, 3)."] = () => Of(2, 3).Slice(-1, 2, 2),
        ["Slice: 1 elements from -1 on are not in dimension 0 of (2, 3)."] = () => Of(2, 3).At(0, -1),
        ["Split: dimension 1 of (2, 3) does not divide into 2 equal parts."] = () => Of(2, 3).Split(1, 2),
        ["Split: dimension 1 of (2, 3) does not divide into 0 equal parts."] = () => Of(2, 3).Split(1, 0),
        ["Concat: sizes differ outside dimension 1, (2, 3) and (3, 3)."] = () => Concat(1, Of(2, 3), Of(3, 3)),
        ["Concat: no tensors given."] = () => Concat(0),
        ["Stack: shapes differ, (2, 3) and (2)."] = () => Stack(2, Of(2, 3), Of(2)),
        ["Stack: (2, 3) has no place 3 for a new dimension."] = () => Stack(3, Of(2, 3)),
        ["Stack: no tensors given."] = () => Stack(0),
        ["Gather: the table must be (R, C), not (3)."] = () => Gather(Of(3), Ids),
        ["TokenLoss: targets (2) do not fit logits (3, 4) (…, V)."] = () => TokenLoss(Of(3, 4), Ids),
        ["MaskFuture: (3, 2) is not (…, T, S) with T ≤ S."] = () => MaskFuture(Of(3, 2)),
        ["Softmax: () has no dimension -1."] = () => Softmax(Of()),
        ["LogSoftmax: () has no dimension -1."] = () => LogSoftmax(Of()),
        ["Standardize: () has no dimension -1."] = () => Standardize(Of(), 1e-5f),
        ["LayerNormalize: weight (3) and bias (2) do not fit input (4, 2) (…, C)."] =
            () => LayerNormalize(Of(4, 2), Of(3), Of(2), 1e-5f),
        ["BatchNormalize: weight (2) and bias (3) do not fit input (4, 2) (…, C)."] =
            () => BatchNormalize(Of(4, 2), Of(2), Of(3), Of(4), 1e-5f),
        ["BatchNormalize: live (2) does not fit input (4, 2) (…, C)."] =
            () => BatchNormalize(Of(4, 2), Of(2), Of(2), Of(2), 1e-5f),
        ["Sum: (2, 3) has no dimension 2."] = () => Sum(Of(2, 3), 2),
        ["Max: (2, 3) has no dimension 2."] = () => Max(Of(2, 3), 2),
        ["CumulativeSum: () has no dimension 0."] = () => CumulativeSum(Of(), 0),
        ["Tensor.Of: 2 values do not fill (3), which holds 3."] = () => Tensor.Of([1f, 2f], [3]),
    };

    private static readonly Dictionary<string, Func<object>> Misuses = new()
    {
        ["Add: expects Float32, but (2) holds Int32."] = () => Ids + Of(2),
        ["Exp: expects Float32, but (2) holds Int32."] = () => Exp(Ids),
        ["Gather: expects Int32, but (2) holds Float32."] = () => Gather(Of(2, 3), Of(2)),
        ["TokenLoss: expects Int32, but (2) holds Float32."] = () => TokenLoss(Of(2, 3), Of(2)),
        ["ToInts: expects Int32, but (2) holds Float32."] = () => Of(2).ToInts(),
        ["ToArray: expects Float32, but (2) holds Int32."] = () => Ids.ToArray(),
        ["Item: (2, 3) holds 6 elements, not one."] = () => Of(2, 3).Item(),
        ["Add: the operands are on two engines, managed and naive; move one with To."] = () => Of(2) + Naive(2),
        ["MatMul: the operands are on two engines, managed and naive; move one with To."] = () => MatMul(Of(2, 2), Naive(2, 2)),
        ["Linear: the operands are on two engines, managed and naive; move one with To."] =
            () => LinearMap(Of(2, 2), Of(2, 2), Naive(2)),
        ["Concat: the operands are on two engines, managed and naive; move one with To."] = () => Concat(0, Of(2), Naive(2)),
        ["Where: the operands are on two engines, managed and naive; move one with To."] =
            () => Where(Naive(2), Of(2), Of(2)),
        ["Gather: the operands are on two engines, naive and managed; move one with To."] = () => Gather(Naive(2, 2), Ids),
    };

    public static TheoryData<string> ShapeMessages => [.. Shapes.Keys];

    public static TheoryData<string> MisuseMessages => [.. Misuses.Keys];

    [Theory, MemberData(nameof(ShapeMessages))]
    public void Shapes_ThatDoNotFit_AreReported(string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(Shapes[message]).Message);

    [Theory, MemberData(nameof(MisuseMessages))]
    public void Operands_OfTheWrongKind_AreReported(string message) =>
        Assert.Equal(message, Assert.Throws<InvalidOperationException>(Misuses[message]).Message);

    [Theory, InlineData(-2), InlineData(3)]
    public void Id_OutOfRange_IsNamed(int id)
    {
        var ids = Tensor.Of([0, id], [2]);
        var gather = Assert.Throws<ArgumentOutOfRangeException>(() => Gather(Of(3, 2), ids));
        Assert.StartsWith($"Gather: id {id} is not in 0 … 2.", gather.Message);
        var loss = Assert.Throws<ArgumentOutOfRangeException>(() => TokenLoss(Of(2, 3), ids));
        Assert.StartsWith($"TokenLoss: target {id} is not in -1 … 2.", loss.Message);
    }

    private static Tensor Of(params int[] sizes) => Tensor.Ones([.. sizes]);

    private static Tensor Naive(params int[] sizes) => Tensor.Ones([.. sizes], new NaiveEngine());
}
