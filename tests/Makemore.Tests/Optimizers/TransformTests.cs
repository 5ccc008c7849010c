using static Makemore.Transforms;

namespace Makemore.Tests;

public sealed class TransformTests
{
    private static readonly Transform Descend = Rate(1);

    private static readonly Schedule Halving = Schedules.StepDecay(1, 0.5);

    /// <summary>The gradients of a number that starts at 1, and its expected trajectory.</summary>
    private static readonly Dictionary<string, (Transform Optimizer, float[] Grads, float[] Expected)> ByHand = new()
    {
        ["rate"] = (Rate(0.5f), [1, 2, 0], [0.5f, -0.5f, -0.5f]),
        ["rate on a schedule"] = (Rate(2, Halving), [1, 1, 1], [-1, -2, -2.5f]),
        ["weight decay"] = (WeightDecay(0.5f).Then(Descend), [0, 0, 1], [0.5f, 0.25f, -0.875f]),
        ["no weight decay"] = (WeightDecay(0.5f, _ => false).Then(Descend), [0, 1], [1, 0]),
        ["weight decay of matrices"] = (WeightDecay(0.5f, IsMatrix).Then(Descend), [0, 1], [1, 0]),
        ["momentum"] = (Momentum(0.5f).Then(Descend), [1, 1, 1], [0, -1.5f, -3.25f]),
        ["nesterov"] = (Momentum(0.5f, nesterov: true).Then(Descend), [1, 1, 1], [-0.5f, -2.25f, -4.125f]),
        ["momentum of momentum"] =
            (Momentum(0.5f).Then(Momentum(0.25f)).Then(Descend), [1, 0, 0], [0, -0.75f, -1.1875f]),
        // The mean in the state, β₂ = 0.99, is not the one whose sign is taken, β₁ = 0.9.
        ["lion"] = (Lion().Then(Rate(0.5f)), [1, -1, 0.0005f, 0.002f, 0], [0.5f, 1, 1.5f, 1, 1.5f]),
        ["lion at rest"] = (Lion().Then(Rate(0.5f)), [0, 0], [1, 1]),
        ["lion with decay"] = (Optimizers.Lion(0.5f, 0.1f), [1, -1], [0.45f, 0.9275f]),
        ["clip by value"] = (ClipByValue(2).Then(Descend), [5, -5, 1, float.PositiveInfinity], [-1, 1, 0, -2]),
        ["clip by norm"] = (ClipByGlobalNorm(2).Then(Descend), [4, -8, 1], [-1, 1, 0]),
        ["accumulate"] = (Accumulate(2, Descend), [1, 3, 5, 7, 9], [1, -1, -1, -7, -7]),
        ["accumulate 1"] = (Accumulate(1, Descend), [1, 3], [0, -3]),
        ["accumulate counts its steps"] =
            (Accumulate(2, Rate(1, Halving)), [1, 1, 1, 1, 1, 1], [1, 0, 0, -0.5f, -0.5f, -0.75f]),
        ["accumulate without decay between"] =
            (Accumulate(2, WeightDecay(0.5f).Then(Descend)), [0, 0, 0, 0], [1, 0.5f, 0.5f, 0.25f]),
        ["skip NaN"] = (SkipIfNotFinite(Momentum(0.5f).Then(Descend)), [1, float.NaN, 1], [0, 0, -1.5f]),
        ["skip infinity"] = (SkipIfNotFinite(Momentum(0.5f).Then(Descend)), [1, float.NegativeInfinity, 1], [0, 0, -1.5f]),
        ["skip nothing large"] = (SkipIfNotFinite(Rate(1e-30f)), [1e30f, -2e30f], [0, 2]),
        ["skip the mean of what was not finite"] =
            (Accumulate(2, SkipIfNotFinite(Descend)), [1, float.NaN, 1, 1], [1, 1, 1, 0]),
        ["ema"] = (Descend.Then(Ema(0.5f)), [1, 2], [0, -2]),
    };

    /// <summary>One of each, to test the laws on.</summary>
    private static readonly Dictionary<string, Transform> All = new()
    {
        ["identity"] = Identity,
        ["adam"] = Adam(),
        ["momentum"] = Momentum(),
        ["nesterov"] = Momentum(nesterov: true),
        ["lion"] = Lion(),
        ["muon"] = Optimizers.Muon(0.1f, 0),
        ["weight decay"] = WeightDecay(0.1f),
        ["rate"] = Rate(0.1f, Schedules.Cosine(9)),
        ["clip by norm"] = ClipByGlobalNorm(0.5f),
        ["clip by value"] = ClipByValue(0.5f),
        ["accumulate"] = Accumulate(3, Adam()),
        ["skip"] = SkipIfNotFinite(Lion()),
        ["ema"] = Ema(0.9f),
        ["measure"] = Measure((_, _) => { }),
        ["chain"] = ClipByGlobalNorm(1).Then(Accumulate(2, SkipIfNotFinite(Optimizers.AdamW(0.1f)))).Then(Ema(0.9f)),
    };

    public static TheoryData<string> HandNames => [.. ByHand.Keys];

    public static TheoryData<string> AllNames => [.. All.Keys];

    [Theory, MemberData(nameof(HandNames))]
    public void Transform_OfGivenGradients_HasTheExpectedTrajectory(string name)
    {
        var (optimizer, grads, expected) = ByHand[name];
        Assert.Equal(expected, Descent.Path(optimizer, 1, grads), (a, b) => Math.Abs(a - b) <= 2e-6);
    }

    [Theory, MemberData(nameof(AllNames))]
    public void Transform_DoesNotModifyItsInputs(string name)
    {
        var (start, grads) = (Torch.Start, Torch.Grads.Take(7).ToArray());
        var given = Descent.Bits(start.Select(leaf => leaf.Value).Concat(grads.SelectMany(g => g)));
        var states = Descent.Run(All[name], start, grads).Select(state => (state, Bits: state.Bits())).ToArray();
        Assert.Equal(given, Descent.Bits(start.Select(leaf => leaf.Value).Concat(grads.SelectMany(g => g))));
        Assert.All(states, at => Assert.Equal(at.Bits, at.state.Bits()));
    }

    [Theory, MemberData(nameof(AllNames))]
    public void Transform_RunAgain_GivesTheSameBits(string name) => AssertSame(All[name], All[name]);

    [Theory, MemberData(nameof(AllNames))]
    public void State_AtEveryStep_HasEachEntryForEachParameter(string name) =>
        Assert.All(Descent.Run(All[name], Torch.Start, Torch.Grads.Take(4)), state =>
        {
            Assert.Equal(All[name].State.Count, state.OptimizerState.Length);
            Assert.All(state.OptimizerState, entry =>
                Assert.Equal(Torch.Start.Select(leaf => leaf.Value.Shape), entry.Select(tensor => tensor.Shape)));
        });

    [Theory, MemberData(nameof(AllNames))]
    public void Identity_OnEitherSide_ChangesNothing(string name)
    {
        AssertSame(All[name], Identity.Then(All[name]));
        AssertSame(All[name], All[name].Then(Identity));
    }

    [Theory, MemberData(nameof(AllNames))]
    public void Then_HoweverGrouped_IsTheSame(string name) => Assert.All(All.Values, c =>
    {
        var (a, b) = (All[name], All["momentum"]);
        var (left, right) = (a.Then(b).Then(c), a.Then(b.Then(c)));
        Assert.Equal([.. a.State, .. b.State, .. c.State], left.State);
        Assert.Equal(left.State, right.State);
        AssertSame(left, right);
    });

    [Fact]
    public void ClipByGlobalNorm_OfTwoLeaves_ScalesBoth()
    {
        Tensor[] grads = [Tensor.Of([3f, 0], [2, 1]), Tensor.Of([4f], [1])];
        var (updates, _) = ClipByGlobalNorm(1).Update(new(0, []), grads, []);
        Assert.Equal([0.6f, 0, 0.8f], updates.SelectMany(u => u.ToArray()), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(5, GlobalNorm(grads));
        Assert.Same(grads, ClipByGlobalNorm(5.1f).Update(new(0, []), grads, []).Updates);
    }

    [Fact]
    public void Accumulate_OfEqualParts_IsOneStepWithTheirMean()
    {
        var optimizer = Optimizers.AdamW(0.05f, schedule: Schedules.Cosine(10));
        var parts = Torch.Grads.Take(20).ToArray();
        var means = parts.Chunk(4).Select(four => Enumerable.Range(0, 2)
            .Select(i => four.Select(g => g[i] * 0.25f).Aggregate((sum, g) => sum + g)).ToArray());
        var whole = Descent.Run(optimizer, Torch.Start, means).Last();
        var inParts = Descent.Run(Accumulate(4, optimizer), Torch.Start, parts).Last();
        Assert.Equal(whole.Bits(), (inParts with { OptimizerState = inParts.OptimizerState[1..] }).Bits());
        Assert.All(inParts.OptimizerState[0], sum => Assert.All(sum.ToArray(), x => Assert.Equal(0, x)));
    }

    /// <summary>A single element of a single leaf is not finite.</summary>
    [Theory, InlineData(0, float.NaN), InlineData(1, float.PositiveInfinity), InlineData(1, float.NegativeInfinity)]
    public void SkipIfNotFinite_OfOneElementThatIsNot_ChangesNothing(int leaf, float fault)
    {
        var grads = Torch.Grads.Take(3).ToArray();
        grads[2][leaf] = Tensor.Of([fault, .. grads[2][leaf].ToArray()[1..]], grads[2][leaf].Shape);
        var states = Descent.Run(SkipIfNotFinite(Optimizers.AdamW(0.1f).Then(Ema(0.5f))), Torch.Start, grads).ToArray();
        Assert.NotEqual(states[0].Bits(), states[1].Bits());
        Assert.Equal(states[1].Bits(), states[2].Bits());
    }

    [Fact]
    public void Ema_AfterNSteps_IsTheWeightedSum()
    {
        float[] grads = [1, -2, 3, 0.5f, -1];
        var path = Descent.Path(Rate(0.1f), 1, grads);
        var last = Descent.Run(Rate(0.1f).Then(Ema(0.8f)), [Descent.Number(1)], Descent.Each(grads)).Last();
        var expected = Math.Pow(0.8, 5) + path.Select((p, k) => 0.2 * Math.Pow(0.8, 4 - k) * p).Sum();
        Assert.Equal(expected, last.OptimizerState[0][0].Item(), 1e-6);
    }

    [Fact]
    public void Measure_InTheMiddle_ReceivesTheUpdates()
    {
        var seen = new List<(long Step, float Param, float Update)>();
        var look = Measure((context, updates) =>
            seen.Add((context.Step, context.Params[0].Value.Item(), updates[0].Item())));
        Descent.Path(ClipByValue(2).Then(look).Then(Rate(0.5f)).Then(look), 1, 5, -1);
        Assert.Equal([(0, 1, 2), (0, 1, -1), (1, 0, -1), (1, 0, 0.5f)], seen);
    }

    [Fact]
    public void WeightDecay_OfMatrices_DoesNotChangeVectors()
    {
        var (updates, _) = WeightDecay(1, IsMatrix).Update(new(0, Torch.Start), Torch.Grads.First(), []);
        Assert.NotEqual(Torch.Grads.First()[0].ToArray(), updates[0].ToArray());
        Assert.Equal(Torch.Grads.First()[1].ToArray(), updates[1].ToArray());
    }

    private static void AssertSame(Transform a, Transform b) => Assert.Equal(
        Descent.Run(a, Torch.Start, Torch.Grads.Take(7)).Select(state => state.Bits()),
        Descent.Run(b, Torch.Start, Torch.Grads.Take(7)).Select(state => state.Bits()));
}
