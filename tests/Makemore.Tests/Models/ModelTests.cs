using Makemore.Tests.Scripts;
using static Makemore.Primitives;

namespace Makemore.Tests;

/// <summary>Models from fewer functions, compared with models from all functions.</summary>
public sealed class ModelTests
{
    private const int V = 27, H = 6, BlockSize = 6;
    private const float Rate = 0.5f;

    private static readonly Tensor Ids = Tensor.Of([.. Enumerable.Range(0, 4 * BlockSize).Select(i => i * 5 % V)], [4, BlockSize]);
    private static readonly Batch Batch = new(Ids, Ids);

    private sealed record Params(Embedding Wte, Tensor Start, Linear Cell, Linear Head);

    private sealed record State(Tensor H, Tensor C);

    [Fact]
    public void FromCell_RecordState_EqualsTheModelByHand() => AssertSame(
        Model.Of<Params, State>("cell", BlockSize, Init, CellForward, CellStart, CellStep, Rate),
        Model.FromCell(
            "cell", BlockSize, Init, Embed, p => new State(p.Start, p.Start * 2), Next, state => state.H, Head, Rate));

    [Fact]
    public void FromCell_TensorState_EqualsRecordState() => AssertSame(
        Model.FromCell("cell", BlockSize, Init, Embed, p => new State(p.Start, p.Start), Both, state => state.H, Head, Rate),
        Model.FromCell("cell", BlockSize, Init, Embed, p => p.Start, (p, x, h) => Next(p, x, new(h, h)).H, Head, Rate));

    [Fact]
    public void FromForward_Dropout_EqualsTheModelByHand()
    {
        var model = Model.FromForward("forward", BlockSize, Init, CellForward, Rate);
        AssertSame(Model.Of<Params, State>("forward", BlockSize, Init, CellForward, CellStart, CellStep, Rate), model);
        Assert.Equal(0, ModelChecks.StepError(model, Init(Key.FromSeed(1)), Ids), 1e-6);
    }

    [Fact]
    public void FromForward_NoDropout_TrainEqualsForward()
    {
        var model = Model.FromForward("forward", BlockSize, Init, (p, ids) => CellForward(p, ids, Dropout.None));
        var p = model.Init(Key.FromSeed(1));
        Assert.Equal(model.Forward(p, Ids).ToArray(), model.Train(p, Batch, Key.FromSeed(2)).Logits.ToArray());
    }

    /// <summary>The model is a running sum of vectors, so that a cache which drops the wrong tokens is detected.</summary>
    [Theory, InlineData(1, 0), InlineData(5, 2), InlineData(6, 3)]
    public void FromCache_FullBlock_ContinuesFromItsLastHalf(int blockSize, int half)
    {
        var model = Model.FromCache(
            "sum", blockSize, Init, (p, ids, _) => Head(p, CumulativeSum(Embed(p, ids), 1)), (_, batch) => Tensor.Zeros([batch, H]),
            (p, sum, ids, start) =>
            {
                Assert.InRange(start, 0, blockSize - ids.Shape[1]);
                var sums = CumulativeSum(Embed(p, ids), 1) + sum.Reshape([-1, 1, H]);
                return (Head(p, sums), sums.At(1, ids.Shape[1] - 1));
            });
        var p = model.Init(Key.FromSeed(1));
        Assert.Equal(0, ModelChecks.StepError(model, p, Ids.Slice(1, 0, blockSize)), 1e-6);
        var cache = model.Start(p, 4);
        for (var t = 0; t < blockSize; t++)
            cache = model.Step(p, cache, Ids.At(1, t)).Cache;
        var (after, next) = model.Step(p, cache, Ids.At(1, 0));
        var kept = Concat(1, Ids.Slice(1, blockSize - half, half), Ids.Slice(1, 0, 1));
        Assert.Equal(kept.ToInts(), next.Ids.ToInts());
        Difference.Assert("logits", after.ToArray(), model.Forward(p, kept).At(1, half).ToArray(), 1e-6);
    }

    private static Params Init(Key key) => new(
        Embedding.Init(key.At(0), V, H), Tensor.Of(key.At(1).Normals(H), [1, H]), Linear.Init(key.At(2), 2 * H, H),
        Linear.Init(key.At(3), H, V));

    private static Tensor Embed(Params p, Tensor ids) => p.Wte.Forward(ids);

    private static Tensor Head(Params p, Tensor h) => p.Head.Forward(h);

    private static State Next(Params p, Tensor x, State past)
    {
        var c = Tanh(p.Cell.Forward(Concat(1, x, past.H)));
        return new(c + past.C, c);
    }

    private static State Both(Params p, Tensor x, State past)
    {
        var h = Next(p, x, past).H;
        return new(h, h);
    }

    private static Tensor CellForward(Params p, Tensor ids, Dropout drop)
    {
        var (state, hs) = (CellStart(p, ids.Shape[0]), new List<Tensor>());
        for (var t = 0; t < ids.Shape[1]; t++)
        {
            state = Next(p, Embed(p, ids.At(1, t)), state);
            hs.Add(state.H);
        }
        return Head(p, drop.Forward(Stack(1, [.. hs])));
    }

    private static State CellStart(Params p, int batch) =>
        new(BroadcastTo(p.Start, [batch, H]), BroadcastTo(p.Start * 2, [batch, H]));

    private static (Tensor, State) CellStep(Params p, State past, Tensor ids)
    {
        var next = Next(p, Embed(p, ids), past);
        return (Head(p, next.H), next);
    }

    /// <summary>Asserts that two models give the same bits in evaluation, training and sampling.</summary>
    private static void AssertSame<C, D>(Model<Params, C> expected, Model<Params, D> actual)
    {
        var p = expected.Init(Key.FromSeed(1));
        Assert.Equal(Numbers(p), Numbers(actual.Init(Key.FromSeed(1))));
        var forward = expected.Forward(p, Ids).ToArray();
        var train = expected.Train(p, Batch, Key.FromSeed(2)).Logits.ToArray();
        Assert.NotEqual(forward, train);
        Assert.Equal(forward, actual.Forward(p, Ids).ToArray());
        Assert.Equal(train, actual.Train(p, Batch, Key.FromSeed(2)).Logits.ToArray());
        var (cache, other) = (expected.Start(p, 4), actual.Start(p, 4));
        for (var t = 0; t < BlockSize; t++)
        {
            (var logits, cache) = expected.Step(p, cache, Ids.At(1, t));
            (var others, other) = actual.Step(p, other, Ids.At(1, t));
            Assert.Equal(logits.ToArray(), others.ToArray());
        }
    }

    private static IEnumerable<float[]> Numbers(Params p) => Tree.Tensors(p).Select(tensor => tensor.ToArray());
}
