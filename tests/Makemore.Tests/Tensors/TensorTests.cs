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
