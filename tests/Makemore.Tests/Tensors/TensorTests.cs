using static Makemore.Primitives;

namespace Makemore.Tests;

public sealed class TensorTests
{
    [Fact]
    public void Tensor_OfValues_ReadsThem()
    {
        var (x, ids) = (Tensor.Of([1f, 2, 3, 4, 5, 6], [2, 3]), Tensor.Of([7, 8], [2]));
        Assert.Equal(([2, 3], ElementType.Float32), (x.Shape, x.Type));
        Assert.Equal([1f, 2, 3, 4, 5, 6], x.ToArray());
        Assert.Equal([7, 8], ids.ToInts());
        Assert.Equal(3, Tensor.Full(3, []).Item());
        Assert.Equal([0f, 0], Tensor.Zeros([2]).ToArray());
    }

    [Fact]
    public void Read_OfNumbers_PassesThemToTheCallback()
    {
        float[] read = [];
        Tensor.Of([1f, 2, 3], [3]).Read(values => read = values.ToArray());
        Assert.Equal([1f, 2, 3], read);
        Tensor.Zeros([0]).Read(values => read = values.ToArray());
        Assert.Empty(read);
        Assert.Throws<InvalidOperationException>(() => Tensor.Of([1, 2], [2]).Read(_ => { }));
    }

    [Fact]
    public void ToString_ShowsShapeAndFirstElements()
    {
        Assert.Equal("Tensor (3) [1, 2.5, -0.3333]", Tensor.Of([1f, 2.5f, -1 / 3f], [3]).ToString());
        Assert.Equal("Tensor (2, 5) [1, 1, 1, 1, 1, 1, 1, 1, …]", Tensor.Ones([2, 5]).ToString());
        Assert.Equal("Tensor (2) [7, 8]", Tensor.Of([7, 8], [2]).ToString());
    }

    [Fact]
    public void Operators_WithNumbers_AreElementwise()
    {
        var x = Tensor.Of([1f, 2, 4], [3]);
        Assert.Equal([3f, 4, 6], (x + 2).ToArray());
        Assert.Equal([3f, 4, 6], (2 + x).ToArray());
        Assert.Equal([-1f, 0, 2], (x - 2).ToArray());
        Assert.Equal([1f, 0, -2], (2 - x).ToArray());
        Assert.Equal([3f, 6, 12], (x * 3).ToArray());
        Assert.Equal([3f, 6, 12], (3 * x).ToArray());
        Assert.Equal([0.5f, 1, 2], (x / 2).ToArray());
        Assert.Equal([-1f, -2, -4], (-x).ToArray());
    }

    [Fact]
    public void Operators_OnIntegers_AreThoseOfCSharp()
    {
        var x = Tensor.Of([7, -7, int.MinValue], [3]);
        Assert.Equal([3, -3, -1073741824], (x / 2).ToInts());
        Assert.Equal([1, -1, 0], (x % 2).ToInts());
        Assert.Equal([-7, 7, int.MinValue], (x / -1).ToInts());
        Assert.Equal([0, 0, 0], (x % -1).ToInts());
        Assert.Equal([6, -8, int.MaxValue], (x - 1).ToInts());
        Assert.Equal([-7, 7, int.MinValue], (-x).ToInts());
        Assert.Equal([14, -14, 0], (x + x).ToInts());
        Assert.Equal([15, 1], (1 + (2 * x[..2]) % 15 % 100 / 1 + Tensor.Of([0, 14], [2])).ToInts());
    }

    [Fact]
    public void Operands_OfBothTypes_BecomeNumbers()
    {
        var ids = Tensor.Of([1, 2], [2]);
        Assert.Equal([0.5f, 1], (ids * 0.5).ToArray());
        Assert.Equal([0.5f, 1], (0.5f * ids).ToArray());
        Assert.Equal([2f, 1], (2.0 / ids).ToArray());
        Assert.Equal([1.5f, 4.5f], (ids + Tensor.Of([0.5f, 2.5f], [2])).ToArray());
        Assert.Equal([0f, 1], Greater(ids, 1.5).ToArray());
        Assert.Equal([1f, 9], Where(Tensor.Of([1f, 0], [2]), ids, 9.0f).To(ElementType.Float32).ToArray());
    }

    [Fact]
    public void ArgMin_OfIntegers_FindsTheSmallest() =>
        Assert.Equal(1, ArgMin(Tensor.Of([0, int.MinValue, int.MaxValue], [3]), 0).ToInts()[0]);

    [Fact]
    public void Roots_AtZero_HaveTheGradientZero()
    {
        var functions = new Func<Tensor, Tensor>[]
        {
            x => StandardDeviation(x, 0), x => StandardDeviation(x, [0]), x => Norm(x - 2, 0, 1.5f), x => Norm(x - 2, 0),
            x => Norm(x - 2, 0, 3),
        };
        foreach (var function in functions)
        {
            var (value, slopes) = Gradients.ValueAndGrad(Tensor.Full(2, [3]), function);
            Assert.Equal([0f, 0, 0, 0], [value.Item(), .. slopes.ToArray()]);
        }
    }

    [Fact]
    public void Numbers_AsIntegersAndBack_AreTruncated()
    {
        var x = Tensor.Of([1.9f, -1.9f, float.NaN, float.PositiveInfinity, -3e10f], [5]);
        Assert.Equal([1, -1, 0, int.MaxValue, int.MinValue], x.To(ElementType.Int32).ToInts());
        Assert.Equal([1f, -2], Tensor.Of([1, -2], [2]).To(ElementType.Float32).ToArray());
        Assert.Same(x, x.To(ElementType.Float32));
    }

    [Fact]
    public void Integers_AreMadeComparedAndSorted()
    {
        Assert.Equal([0, 1, 2], Tensor.Range(3).ToInts());
        Assert.Equal([5, 3, 1], Tensor.Range(5, 0, -2).ToInts());
        Assert.Equal([2, 5], Tensor.Range(2, 8, 3).ToInts());
        Assert.Empty(Tensor.Range(3, 1).ToInts());
        Assert.Equal([0f, 1, 0, 1, 0, 0], OneHot(Tensor.Of([1, 0], [2]), 3).ToArray());
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], Tensor.Permutation(Key.FromSeed(1), 7).ToInts().Order());
        var ids = Tensor.Of([3, -1, 2], [3]);
        Assert.Equal([3, 2, -1], Sort(ids, descending: true).Values.ToInts());
        Assert.Equal([3, 1, 2], Abs(ids).ToInts());
        Assert.Equal([2, 0, 2], Clip(ids, 0, 2).ToInts());
        Assert.Equal([0, 3, -1, 2, 0], ids.Pad(0, 1, 1).ToInts());
        Assert.Equal([-1, 3], ids[Tensor.Of([1, 0], [2])].ToInts());
        Assert.Equal([2, -1, 3], ids.Flip(0).ToInts());
    }

    [Fact]
    public void Order_OfTiesAndNaN_IsStable()
    {
        var x = Tensor.Of([1f, float.NaN, -0f, 0f, 1f], [5]);
        Assert.Equal([2, 3, 0, 4, 1], ArgSort(x).ToInts());
        Assert.Equal([1, 0, 4, 2, 3], ArgSort(x, descending: true).ToInts());
        Assert.Equal(1, ArgMax(x, 0).ToInts()[0]);
        Assert.Equal(0, ArgMax(x[2..], 0).ToInts()[0] - 2);
    }

    [Fact]
    public void Logs_OfLargeAndInfiniteNumbers_DoNotOverflow()
    {
        var x = Tensor.Of([float.NegativeInfinity, -1000, 1000, 1000, float.NegativeInfinity], [5]);
        Assert.Equal(
            [float.NegativeInfinity, -1000, 1000, 1000.6932f, 1000.6932f], LogCumulativeSumExp(x, 0).ToArray());
        Assert.Equal(1000.6932f, LogSumExp(x, 0).Item());
        Assert.Equal([1000f, 0, 0.6931472f], Softplus(Tensor.Of([1000f, -1000, 0], [3])).ToArray());
        foreach (var sum in new Func<Tensor, Tensor>[] { y => Sum(LogCumulativeSumExp(y, 0)[1..]), y => LogSumExp(y, 0) })
            Assert.All(Gradients.ValueAndGrad(x, sum).Grads.ToArray(), slope => Assert.True(float.IsFinite(slope)));
        Assert.Equal(float.NegativeInfinity, LogSumExp(x[..1], 0).Item());
        Assert.Equal([0f], Gradients.ValueAndGrad(x[..1], y => LogSumExp(y, 0)).Grads.ToArray());
    }

    [Fact]
    public void Gradient_OfALength_IsZeroAtZero() =>
        Assert.Equal([0f, 0], Gradients.ValueAndGrad(Tensor.Zeros([2]), x => Norm(x, 0)).Grads.ToArray());

    [Fact]
    public void Movements_InOrder_AreThoseOfNumPy()
    {
        var x = Tensor.Range(6).Reshape([2, 3]);
        Assert.Equal([2, 1, 0, 5, 4, 3], x.Flip(1).ToInts());
        Assert.Equal([2, 0, 1, 5, 3, 4], x.Roll(1, 1).ToInts());
        Assert.Equal([1, 2, 0, 4, 5, 3], x.Roll(1, -4).ToInts());
        Assert.Equal([0, 0, 1, 1, 2, 2], x[0].Repeat(0, 2).ToInts());
        Assert.Equal([0, 1, 2, 0, 1, 2], x[0].Tile(0, 2).ToInts());
        Assert.Equal([0, 0, 0, 3, 4, 0], x.LowerTriangle().ToInts());
        Assert.Equal([0, 3, 1, 4, 2, 5], x.Permute([1, 0]).ToInts());
        Assert.Equal([1, 2, 4, 5], x[.., 1..3].ToInts());
        Assert.Equal(5, x[^1, ^1].ToInts()[0]);
        Assert.Equal([3], x[^1].Shape);
    }

    [Fact]
    public void Einsum_WithoutAnArrow_SumsWhatOccursTwice()
    {
        var (a, b) = (Tensor.Normal(Key.FromSeed(1), [2, 3]), Tensor.Normal(Key.FromSeed(2), [3, 4]));
        Assert.Equal(MatMul(a, b).ToArray(), Einsum("ij,jk", a, b).ToArray());
        Assert.Equal([], Einsum("ij,ij", a, a).Shape);
        Assert.Equal([2, 3, 4], Einsum("ij,jk->ijk", a, b).Shape);
    }

    [Fact]
    public void To_AnotherEngine_KeepsValuesAndKind()
    {
        var naive = new NaiveEngine();
        var (x, ids) = (Tensor.Of([1f, 2], [2]), Tensor.Of([7, 8], [2]));
        Assert.Same(naive, x.To(naive).Engine);
        Assert.Equal([1f, 2], x.To(naive).ToArray());
        Assert.Equal([7, 8], ids.To(naive).ToInts());
        Assert.Same(x, x.To(x.Engine));
    }

    [Fact]
    public void Movements_OfIntegers_KeepThem()
    {
        var ids = Tensor.Of([1, 2, 3, -1, 5, 6], [2, 3]);
        Assert.Equal([2, 3, 5, 6], ids.Slice(1, 1, 2).ToInts());
        Assert.Equal([3, 6], ids.At(1, 2).ToInts());
        Assert.Equal([1, 2, 3, -1, 5, 6, 1, 2, 3, -1, 5, 6], Concat(0, ids, ids).ToInts());
        Assert.Equal([1f, 1, 1, 0, 1, 1], IsAtLeast(ids, 0).ToArray());
    }

    [Fact]
    public void Max_OfEqualElements_DistributesTheGradient()
    {
        var (_, grads) = Gradients.ValueAndGrad(Tensor.Of([3f, 1, 3], [3]), x => Max(x, 0));
        Assert.Equal([0.5f, 0, 0.5f], grads.ToArray());
    }

    [Fact]
    public void CrossEntropy_OfIgnoredTargets_IsZeroWithoutGradient()
    {
        var (loss, grads) = Gradients.ValueAndGrad(Tensor.Ones([2, 3]), x => CrossEntropy(x, Tensor.Of([-1, -1], [2])));
        Assert.Equal(0, loss.Item());
        Assert.All(grads.ToArray(), slope => Assert.Equal(0, slope));
    }

    [Fact]
    public void CrossEntropy_OfLargeLogits_DoesNotOverflow()
    {
        var (loss, grads) = Gradients.ValueAndGrad(
            Tensor.Of([1000f, 0, -1000], [1, 3]), x => CrossEntropy(x, Tensor.Of([1], [1])));
        Assert.Equal(1000, loss.Item());
        Assert.Equal([1f, -1, 0], grads.ToArray());
    }
}
