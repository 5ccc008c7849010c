using Makemore.Tests.Scripts;
using static Makemore.Primitives;

namespace Makemore.Tests;

/// <summary>The gradients of values inside the graph.</summary>
public sealed class RetainedGradsTests
{
    private static readonly Tensor X = Tensor.Of([1f, 2, 3], [3]);

    /// <summary>More rows than the table has entries, so that the linear map may bypass the embedding.</summary>
    private static readonly Tensor Ids = Tensor.Of([.. Enumerable.Range(0, 60).Select(i => i * 7 % 3)], [30, 2]);

    private static readonly Net P = new(
        Tensor.Of(Key.FromSeed(1).Normals(12), [3, 4]), Tensor.Of(Key.FromSeed(2).Normals(40), [5, 8]));

    public static TheoryData<string> Primitives => [.. PrimitiveRow.All.Keys];

    /// <summary>The gradient of a value is that of a nudge added to it where it is computed.</summary>
    [Theory, OnEngine(Engines.Managed), OnEngine(Engines.Torch)]
    public void Law2_Gradient_OfAnIntermediateValue_IsItsFiniteDifference(string engine)
    {
        var (net, e) = (Tree.To(P, TestedEngine.Of(engine)), TestedEngine.Of(engine));
        var none = new Inside(Tensor.Zeros([30, 2, 4], e), Tensor.Zeros([30, 8], e), Tensor.Zeros([30, 5], e));
        var (_, _, _, grads) = Gradients.ValueAndRetainedGrads(net, q => Loss(q, null));
        var (_, expected) = Gradients.ValueAndGrad(none, nudge => Loss(net, nudge).Loss);
        foreach (var (actual, truth) in Tree.Leaves(grads).Zip(Tree.Leaves(expected)))
            Difference.Assert(truth.Name, actual.Value.ToArray(), truth.Value.ToArray(), 1e-5);
        Assert.All(
            GradientCheck.Run(none, nudge => Loss(net, nudge).Loss, Key.FromSeed(3)),
            row => Assert.True(row.Error < 2e-3, $"{row}"));
    }

    [Theory, MemberData(nameof(Primitives))]
    public void RetainedGrads_OfCopiesOfTheOperands_AreThoseOfTheOperands(string primitive)
    {
        var row = PrimitiveRow.All[primitive];
        var operands = row.Operands(ManagedEngine.Default);
        var (_, expected) = Gradients.ValueAndGrad(operands, row.Weighted);
        var (_, _, grads, retained) = Gradients.ValueAndRetainedGrads(operands, q =>
        {
            var copies = Array.ConvertAll(q, x => x * 1);
            return (row.Weighted(copies), copies);
        });
        for (var i = 0; i < operands.Length; i++)
        {
            Difference.Assert($"operand {i}", grads[i].ToArray(), expected[i].ToArray(), 1e-6);
            Difference.Assert($"copy {i}", retained[i].ToArray(), expected[i].ToArray(), 1e-6);
        }
    }

    [Fact]
    public void RetainedGrads_OfAValueUsedTwice_AddUpOverItsUses()
    {
        var (loss, aux, grads, retained) = Gradients.ValueAndRetainedGrads(X, x =>
        {
            var y = 2 * x;
            var square = y * y;
            return (Sum(square + (3 * y)), (y, square));
        });
        Assert.Equal(56 + 36, loss.Item());
        Assert.Equal([2f, 4, 6], aux.y.ToArray());
        Assert.Equal([7f, 11, 15], retained.y.ToArray());
        Assert.Equal([1f, 1, 1], retained.square.ToArray());
        Assert.Equal([14f, 22, 30], grads.ToArray());
    }

    [Fact]
    public void RetainedGrads_OfTheLossAndTheParameters_AreOneAndTheGradient()
    {
        var (_, _, grads, (ofLoss, ofX)) = Gradients.ValueAndRetainedGrads(X, x =>
        {
            var loss = Sum(x * x);
            return (loss, (loss, x));
        });
        Assert.Equal(1, ofLoss.Item());
        Assert.Equal(grads.ToArray(), ofX.ToArray());
    }

    [Fact]
    public void RetainedGrads_OfWhatTheLossDoesNotDependOn_AreZero()
    {
        var constant = Tensor.Of([7f, 8, 9], [3]);
        var (_, aux, _, (unused, detached, ofConstant, ids, absent)) = Gradients.ValueAndRetainedGrads(X, x =>
        {
            var detached = (x * 2).Detach();
            return (Sum(x * constant * detached), (Exp(x), detached, constant, Ids, (Tensor?)null));
        });
        Assert.All([unused, detached, ofConstant], grad => Assert.Equal([0f, 0, 0], grad.ToArray()));
        Assert.Equal(Ids.Shape, ids.Shape);
        Assert.All(ids.ToArray(), slope => Assert.Equal(0, slope));
        Assert.Null(absent);
        Assert.Equal([7f, 8, 9], aux.constant.ToArray());
    }

    [Fact]
    public void RetainedGrads_HaveNoGraphAndOutliveTheRegion()
    {
        var seen = Region.Root;
        var (_, _, _, grads) = Gradients.ValueAndRetainedGrads(P, q =>
        {
            seen = q.Table.Region;
            return Loss(q, null);
        });
        Assert.True(seen.IsClosed);
        Assert.All(Tree.Tensors(grads), grad =>
        {
            Assert.False(grad.IsTraced);
            Assert.Same(Region.Root, grad.Region);
            Assert.True(float.IsFinite(grad.ToArray()[0]));
        });
        Assert.Empty(Region.Root.Tape);
    }

    /// <summary>A small network, what is inside it, and what may be added to that.</summary>
    private static (Tensor Loss, Inside Inside) Loss(Net p, Inside? nudge)
    {
        var embedding = Nudged(Gather(p.Table, Ids.To(p.Table.Engine)), nudge?.Embedding);    // (30, 2, 4)
        var side = Nudged(embedding.Flatten(-2), nudge?.Side);                                // (30, 8)
        var h = Nudged(Tanh(LinearMap(side, p.Weight)), nudge?.H);                            // (30, 5), used twice
        return (Mean(h * h) + Mean(LogSoftmax(h)), new(embedding, side, h));

        static Tensor Nudged(Tensor x, Tensor? nudge) => nudge is null ? x : x + nudge;
    }

    private sealed record Net(Tensor Table, Tensor Weight);

    private sealed record Inside(Tensor Embedding, Tensor Side, Tensor H);
}
