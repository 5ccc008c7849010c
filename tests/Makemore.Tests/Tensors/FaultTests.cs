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
        ["Remainder: shapes do not broadcast, (2, 3) and (2)."] = () => Of(2, 3) % Of(2),
        ["Maximum: shapes do not broadcast, (2, 3) and (2)."] = () => Maximum(Of(2, 3), Of(2)),
        ["Clip: the lower bound 1 is above the upper bound 0."] = () => Clip(Of(2), 1, 0),
        ["Add: shapes do not broadcast, (2) and (3)."] = () => Ids + Tensor.Of([1, 2, 3], [3]),
        ["Sum: a dimension of (2, 3) is given twice, [1, -1]."] = () => Sum(Of(2, 3), [1, -1]),
        ["Softmax: no dimension of (2, 3) is given."] = () => Softmax(Of(2, 3), []),
        ["Norm: the order must be 1 or more, not 0.5."] = () => Norm(Of(2), 0, 0.5f),
        ["ArgMax: dimension 0 of (0, 2) is empty."] = () => ArgMax(Of(0, 2), 0),
        ["TopK: dimension 1 of (2, 3) does not have 4 elements."] = () => TopK(Of(2, 3), 4),
        ["GatherAlong: ids (2) do not fit (2, 3) outside dimension 1."] = () => Of(2, 3).GatherAlong(1, Ids),
        ["IndexAdd: ids (2) and values (2, 2) do not fit dimension 0 of (2, 3)."] = () => Of(2, 3).IndexAdd(0, Ids, Of(2, 2)),
        ["Permute: [0, 0] does not name each dimension of (2, 3) once."] = () => Of(2, 3).Permute([0, 0]),
        ["Split: lengths [1, 1] do not add up to dimension 1 of (2, 3)."] = () => Of(2, 3).Split(1, [1, 1]),
        ["Pad: -1 and 0 elements cannot be added to dimension 1 of (2, 3); Slice removes."] = () => Of(2, 3).Pad(1, -1, 0),
        ["Pad: 0.5 is not an element of (2), which holds Int32; convert it with To(ElementType.Float32)."] = () => Ids.Pad(0, 1, 0, 0.5),
        ["Max: dimension 0 of (0) is empty."] = () => Max(Ids[..0], 0),
        ["Repeat: dimension 1 of (2, 3) cannot be repeated -1 times."] = () => Of(2, 3).Repeat(1, -1),
        ["LowerTriangle: (3) is not (…, M, N)."] = () => Of(3).LowerTriangle(),
        ["Index: (2, 3) has 2 dimensions, but 3 places are given."] = () => Of(2, 3)[0, 0, 0],
        ["Index: 2 is not in dimension 0 of (2, 3); ^1 is the last."] = () => Of(2, 3)[2],
        ["Index: -1 is not in dimension 1 of (2, 3); ^1 is the last."] = () => Of(2, 3)[0, -1],
        ["Index: ^0 is not in dimension 0 of (2, 3); ^1 is the last."] = () => Of(2, 3)[^0],
        ["Index: 1..4 is not in dimension 1 of (2, 3)."] = () => Of(2, 3)[.., 1..4],
        ["Index: ^3 is not in dimension 0 of (2, 3)."] = () => Of(2, 3)[^3],
        ["Einsum 'ij,jk->ik': label j is 3 in (2, 3) and 4 in (4, 5)."] = () => Einsum("ij,jk->ik", Of(2, 3), Of(4, 5)),
        ["Einsum 'ij->k': label k of the result is in no operand."] = () => Einsum("ij->k", Of(2, 3)),
        ["Einsum 'ii->i': a label occurs twice in 'ii'."] = () => Einsum("ii->i", Of(2, 2)),
        ["Einsum 'ij,jk': there are labels for 2 operands, but 1 are given."] = () => Einsum("ij,jk", Of(2, 3)),
        ["Einsum 'ijk->i': 'ijk' does not fit (2, 3), which has 2 dimensions."] = () => Einsum("ijk->i", Of(2, 3)),
        ["Einsum '...i->i': labels are letters, as in 'ij,jk->ik'."] = () => Einsum("...i->i", Of(2, 3)),
        ["Tensor.Range: the step from 0 to 3 is 0."] = () => Tensor.Range(0, 3, 0),
        ["Rotary: (2, 3) is not (…, T, C) with an even C."] = () => Rotary.Turn(Of(2, 3)),
        ["XavierUniform: (3) is not (out, in, …)."] = () => Initializations.XavierUniform(Key.FromSeed(1), [3]),
        ["Doubled: the pullback gives (2) for an operand of shape (3)."] = () => Gradients.ValueAndGrad(
            Of(3), x => Sum(Primitive.Define(y => 2 * y, (g, _, _) => g.Slice(0, 0, 2), "Doubled")(x))),
        ["Tensor.Of: 2 values do not fill (3), which holds 3."] = () => Tensor.Of([1f, 2f], [3]),
    };

    private static readonly Dictionary<string, Func<object>> Misuses = new()
    {
        ["Exp: expects Float32, but (2) holds Int32; convert it with To(ElementType.Float32)."] = () => Exp(Ids),
        ["MatMul: expects Float32, but (2, 1) holds Int32; convert it with To(ElementType.Float32)."] =
            () => MatMul(Ids.Reshape([2, 1]), Of(1, 2)),
        ["Gather: expects Int32, but (2) holds Float32; convert it with To(ElementType.Int32)."] = () => Gather(Of(2, 3), Of(2)),
        ["OneHot: expects Int32, but (2) holds Float32; convert it with To(ElementType.Int32)."] = () => OneHot(Of(2), 3),
        ["TokenLoss: expects Int32, but (2) holds Float32; convert it with To(ElementType.Int32)."] = () => TokenLoss(Of(2, 3), Of(2)),
        ["ToInts: expects Int32, but (2) holds Float32; convert it with To(ElementType.Int32)."] = () => Of(2).ToInts(),
        ["ToArray: expects Float32, but (2) holds Int32; convert it with To(ElementType.Float32)."] = () => Ids.ToArray(),
        ["Mean: expects Float32, but (2) holds Int32; convert it with To(ElementType.Float32)."] = () => Mean(Ids),
        ["Variance: expects Float32, but (2) holds Int32; convert it with To(ElementType.Float32)."] = () => Variance(Ids),
        ["Item: (2, 3) holds 6 elements, not one."] = () => Of(2, 3).Item(),
        ["Add: the operands are on two engines, managed and naive; create one on the other's, as in Tensor.Zeros(shape, x.Engine), or move it with To."] = () => Of(2) + Naive(2),
        ["MatMul: the operands are on two engines, managed and naive; create one on the other's, as in Tensor.Zeros(shape, x.Engine), or move it with To."] = () => MatMul(Of(2, 2), Naive(2, 2)),
        ["Linear: the operands are on two engines, managed and naive; create one on the other's, as in Tensor.Zeros(shape, x.Engine), or move it with To."] =
            () => LinearMap(Of(2, 2), Of(2, 2), Naive(2)),
        ["Concat: the operands are on two engines, managed and naive; create one on the other's, as in Tensor.Zeros(shape, x.Engine), or move it with To."] = () => Concat(0, Of(2), Naive(2)),
        ["Where: the operands are on two engines, managed and naive; create one on the other's, as in Tensor.Zeros(shape, x.Engine), or move it with To."] =
            () => Where(Naive(2), Of(2), Of(2)),
        ["Gather: the operands are on two engines, naive and managed; create one on the other's, as in Tensor.Zeros(shape, x.Engine), or move it with To."] = () => Gather(Naive(2, 2), Ids),
        ["Doubled, pullback: the operands are on two engines, managed and naive; create one on the other's, as in Tensor.Zeros(shape, x.Engine), or move it with To."] = () => Pulled(Naive(2)),
        ["Doubled, pullback: expects Float32, but (2) holds Int32; convert it with To(ElementType.Float32)."] = () => Pulled(Ids),
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

    [Theory, InlineData(-1), InlineData(3)]
    public void Place_OutOfRange_IsNamed(int id)
    {
        var ids = Tensor.Of([0, id], [2]);
        var faults = new Func<object>[]
        {
            () => Of(2, 3).Take(1, ids), () => Of(2, 3).GatherAlong(1, ids.Reshape([1, 2])), () => Of(3)[ids],
            () => Of(2, 3).IndexAdd(1, ids, Of(2, 2)), () => Of(2, 3).ScatterAddAlong(1, ids.Reshape([1, 2]), Of(2, 2)),
        };
        Assert.All(faults, fault => Assert.Contains(
            $"id {id} is not in 0 … 2.", Assert.Throws<ArgumentOutOfRangeException>(fault).Message));
    }

    [Fact]
    public void Integers_DividedByZero_AreReported() => Assert.Equal(
        ["Divide: a divisor is 0.", "Remainder: a divisor is 0."],
        new Func<object>[] { () => Ids / 0, () => Ids % Ids }.Select(fault => Assert.Throws<DivideByZeroException>(fault).Message));

    private static Tensor Pulled(Tensor contribution) => Gradients.ValueAndGrad(
        Of(2), x => Sum(Primitive.Define(y => 2 * y, (_, _, _) => contribution, "Doubled")(x))).Grads;

    private static Tensor Of(params int[] sizes) => Tensor.Ones([.. sizes]);

    private static Tensor Naive(params int[] sizes) => Tensor.Ones([.. sizes], new NaiveEngine());
}
