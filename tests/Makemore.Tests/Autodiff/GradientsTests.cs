using static Makemore.Primitives;

namespace Makemore.Tests;

public sealed class GradientsTests
{
    private sealed record Model(Tensor Weight, [Buffer] Tensor Mean, Tensor? Bias);

    private static readonly Model P = new(Tensor.Of([1f, 2, 3], [3]), Tensor.Of([1f, 1, 1], [3]), Tensor.Of([5f], [1]));

    [Fact]
    public void ValueAndGrad_OfAPolynomial_IsItsDerivative()
    {
        var (loss, grads) = Gradients.ValueAndGrad(Tensor.Of([1f, 2, 3], [3]), x => Sum((x * x * x) - (2 * x)));
        Assert.Equal(24, loss.Item());
        Assert.Equal([1f, 10, 25], grads.ToArray());
    }

    [Fact]
    public void ValueAndGrad_ReturnsNothingWithAGraph()
    {
        var (loss, aux, grads) = Gradients.ValueAndGrad(P, p => (Loss(p), (p.Weight * 2, p.Mean + 1, p.Weight)));
        foreach (var tensor in (Tensor[])[loss, aux.Item1, aux.Item2, aux.Weight, .. Tree.Tensors(grads)])
        {
            Assert.False(tensor.IsTraced);
            Assert.Same(Region.Root, tensor.Region);
            Assert.True(float.IsFinite(tensor.ToArray()[0]));
        }
        Assert.Equal([2f, 4, 6], aux.Item1.ToArray());
        Assert.Empty(Region.Root.Tape);
    }

    /// <summary>What the gradients of the weights take was a result's before.</summary>
    [Fact]
    public void Result_Pulled_MakesRoom()
    {
        const int Layers = 32, Size = 1 << 16;
        var engine = ManagedEngine.Create(1);
        Tensor[] weights = [.. Enumerable.Range(0, Layers).Select(_ => Tensor.Ones([Size], engine))];
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = Gradients.ValueAndGrad(weights, w => Mean(w.Aggregate((x, layer) => Tanh(x * layer))));
        var blocks = (GC.GetAllocatedBytesForCurrentThread() - before) / (sizeof(float) * (double)Size);
        Assert.InRange(blocks, 2 * Layers, 2.5 * Layers);
    }

    [Fact]
    public void ValueAndGrad_OfBuffersAndUnused_IsZero()
    {
        var (_, grads) = Gradients.ValueAndGrad(P, p => Sum(p.Weight * p.Mean));
        Assert.Equal([1f, 1, 1], grads.Weight.ToArray());
        Assert.Equal([0f, 0, 0], grads.Mean.ToArray());
        Assert.Equal([0f], grads.Bias!.ToArray());
        Assert.Null(Gradients.ValueAndGrad(P with { Bias = null }, p => Sum(p.Weight)).Grads.Bias);
    }

    [Fact]
    public void ValueAndGrad_OfALossWithoutParameters_IsZero()
    {
        var (loss, grads) = Gradients.ValueAndGrad(P, _ => Tensor.Full(7, []));
        Assert.Equal(7, loss.Item());
        Assert.Equal([0f, 0, 0], grads.Weight.ToArray());
    }

    [Fact]
    public void ValueAndGrad_InsideAnother_GivesBoth()
    {
        var x = Tensor.Of([1f, 2, 3], [3]);
        var (outer, grads) = Gradients.ValueAndGrad(x, p =>
        {
            var (inner, slope) = Gradients.ValueAndGrad(p * 2, q => Sum(q * q));      // slope = 4 p, a constant here
            Assert.Equal((56, false), (inner.Item(), slope.IsTraced));
            return Sum(p * slope);
        });
        Assert.Equal(56, outer.Item());
        Assert.Equal([4f, 8, 12], grads.ToArray());
    }

    [Fact]
    public void ValueAndGrad_InsideAnother_LeavesConstantsWithTheRoot()
    {
        var constant = Tensor.Of([7f], [1]);
        Gradients.ValueAndGrad(P, p =>
        {
            var (_, aux, _) = Gradients.ValueAndGrad(p, q => (Sum(q.Weight), constant));
            return Sum(p.Weight * aux);
        });
        Tensor.Full(-99, [1]);
        Assert.Equal([7f], constant.ToArray());
    }

    [Fact]
    public void ValueAndGrad_WhoseLossThrows_ClosesItsRegion()
    {
        Tensor? seen = null;
        Assert.Throws<InvalidOperationException>(() => Gradients.ValueAndGrad(P, Fail));
        Assert.True(seen!.Region.IsClosed);

        Tensor Fail(Model p)
        {
            seen = p.Weight * 2;
            throw new InvalidOperationException();
        }
    }

    [Fact]
    public void ValueAndGrad_OfAnythingElse_IsReported()
    {
        Assert.Equal(
            "ValueAndGrad: the loss is (3) and must be a single number.",
            Assert.Throws<ArgumentException>(() => Gradients.ValueAndGrad(P, p => p.Weight)).Message);
        Assert.Equal(
            "ValueAndGrad: String holds no tensors.",
            Assert.Throws<ArgumentException>(() => Gradients.ValueAndGrad("p", _ => Tensor.Ones([]))).Message);
    }

    /// <summary>If a step hung on the one before, the last one would hold all graphs.</summary>
    [Fact]
    public void Steps_InSequence_DoNotLeak()
    {
        var p = new Model(Tensor.Of(Key.FromSeed(1).Normals(1000), [1000]), Tensor.Ones([1000]), Tensor.Ones([1000]));
        var graphs = new List<WeakReference>();
        Steps(100);
        GC.Collect();
        Assert.InRange(graphs.Count(graph => graph.IsAlive), 0, 5);
        Assert.Empty(Region.Root.Tape);

        void Steps(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var (_, grads) = Gradients.ValueAndGrad(p, q =>
                {
                    var hidden = Enumerable.Range(0, 100).Aggregate(q.Weight, (x, _) => Tanh(x * q.Bias!));
                    graphs.Add(new(hidden));
                    return Mean(hidden);
                });
                p = Tree.Zip(p, grads, (weight, slope) => weight - (0.01f * slope));
            }
        }
    }

    private static Tensor Loss(Model p) => Sum(Tanh((p.Weight - p.Mean) * p.Bias!));
}
