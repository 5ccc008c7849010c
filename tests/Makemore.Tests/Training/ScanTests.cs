using static Makemore.Primitives;
using static Makemore.Transforms;

namespace Makemore.Tests;

public sealed class ScanTests
{
    /// <summary>Optimizers that replace their state at each step, that keep it for some steps, and that have none.</summary>
    private static readonly Dictionary<string, Transform> Optimizers = new()
    {
        ["adamw"] = Makemore.Optimizers.AdamW(0.1f),
        ["sgd"] = Makemore.Optimizers.Sgd(0.1f),
        ["accumulate"] = Accumulate(4, Makemore.Optimizers.AdamW(0.1f)),
        ["skip all"] = new Transform([], (_, u, m) => ([.. u.Select(x => x / 0f)], m))
            .Then(SkipIfNotFinite(Makemore.Optimizers.AdamW(0.1f))),
        ["ema"] = Accumulate(3, Makemore.Optimizers.Sgd(0.1f, 0.9f)).Then(Ema(0.9f)),
    };

    public static TheoryData<string> Names => [.. Optimizers.Keys];

    [Theory, MemberData(nameof(Names))]
    public void State_TwoStepsOld_ThrowsAndMentionsKeep(string name)
    {
        var states = Run(name).Take(6).ToArray();
        foreach (var old in states[1..^2])
            Assert.Contains("Keep()", Assert.Throws<ObjectDisposedException>(() => old.Params.Table.ToArray()).Message);
        Assert.Throws<ObjectDisposedException>(() => states[1].Keep());
        _ = states[^1].Bits();
        _ = states[^2].Bits();
    }

    [Theory, MemberData(nameof(Names))]
    public void State_Kept_IsNotChanged(string name)
    {
        var kept = new List<(TrainState<ToyParams> State, int[] Bits)>();
        foreach (var state in Run(name).Take(30))
            if (state.Step % 7 < 2)
                kept.Add((state.Keep(), state.Bits()));
        Assert.All(kept, at => Assert.Equal(at.Bits, at.State.Bits()));
    }

    [Theory, MemberData(nameof(Names))]
    public void Start_AfterARun_IsNotChanged(string name)
    {
        var start = Toy.Start(Optimizers[name]);
        var bits = start.Bits();
        Assert.Equal(20, Toy.Scan(start).ElementAt(20).Step);
        Assert.Equal(bits, start.Bits());
    }

    [Theory, MemberData(nameof(Names))]
    public void Scan_EnumeratedTwice_GivesTheSameBits(string name)
    {
        var run = Run(name);
        var first = run.Take(12).Select(state => state.Bits()).ToArray();
        Assert.Equal(first, run.Take(12).Select(state => state.Bits()));
        Assert.Equal(Enumerable.Range(0, 12), first.Select(bits => bits[^1]));
    }

    [Theory, MemberData(nameof(Names))]
    public void Scan_FromAKeptState_ContinuesTheRun(string name)
    {
        var middle = Run(name).ElementAt(5).Keep();
        Assert.Equal(Run(name).ElementAt(11).Bits(), Toy.Scan(middle).ElementAt(6).Bits());
    }

    /// <summary>The test holds all memory blocks, so that none is reused by way of the garbage collector.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Memory_OverTwoThousandSteps_IsConstant(string name)
    {
        var engine = ManagedEngine.Create(1);
        var start = TrainState<ToyParams>.Start(Tree.To(Toy.Init(default), engine), Optimizers[name]);
        var (batch, used) = (new Batch(Toy.Batch(0).X.To(engine), Toy.Batch(0).Y.To(engine)), new HashSet<Block>());
        var step = Training.Step(Training.CrossEntropy(Toy.Quiet));
        foreach (var result in Training.Scan(step, start, _ => batch, default).Take(2000))
            used.UnionWith(result.State.Tensors().Select(tensor => ((ManagedStorage)tensor.Raw.Storage).Block));
        Assert.InRange(used.Count, 1, 100);
    }

    /// <summary>The parameters and the two moments of each: at first, and before and after a step.</summary>
    [Fact]
    public void Memory_OfARun_IsThatOfTwoStatesBesidesTheFirst()
    {
        const int Size = 1 << 16, OfAStep = 5;
        var start = TrainState<Tensor>.Start(Tensor.Ones([Size], ManagedEngine.Create(1)), Makemore.Optimizers.AdamW(0.1f));
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = Training.Scan(Training.Step<Tensor>((p, _, _) => (Mean(p * p), p)), start, Toy.Batch, default).ElementAt(20);
        var blocks = (GC.GetAllocatedBytesForCurrentThread() - before) / (sizeof(float) * (double)Size);
        Assert.InRange(blocks, 2 * 3, (2 * 3) + OfAStep);
    }

    [Fact]
    public void Buffers_InAStep_AreUpdatedAndNotOptimized()
    {
        var optimizer = WeightDecay(1).Then(Momentum()).Then(Rate(0.1f));
        var start = Toy.Start(optimizer);
        var next = Training.Step(Training.CrossEntropy(Toy.Model))(start, Toy.Batch(0), Key.FromSeed(3)).State;
        var (logits, _) = Toy.Model.Train(start.Params, Toy.Batch(0), Key.FromSeed(3));
        Assert.Equal(Toy.Update(start.Params.Seen, logits).ToArray(), next.Params.Seen.ToArray());
        Assert.Equal(["table", "bias"], Training.Trainable(start.Params).Select(leaf => leaf.Name));
        Assert.Equal(2, next.OptimizerState[0].Length);
    }

    private static IEnumerable<TrainState<ToyParams>> Run(string name) =>
        Toy.Scan(Toy.Start(Optimizers[name]));
}
