using static Makemore.Transforms;

namespace Makemore.Tests;

/// <summary>The optimizers compared with PyTorch's, on the same gradients.</summary>
public sealed class TorchTests
{
    private static readonly Dictionary<string, Transform> Cases = new()
    {
        ["adam"] = Adam().Then(Rate(0.05f)),
        ["adam-betas"] = Adam(0.5f, 0.8f, 0.1f).Then(Rate(0.05f)),
        ["adamw"] = Optimizers.AdamW(0.05f, beta2: 0.999f),
        ["adamw-decay"] = Optimizers.AdamW(0.05f, 0.5f, beta2: 0.999f),
        ["adamw-matrices"] = Optimizers.AdamW(0.05f, 0.5f, decays: IsMatrix, beta2: 0.999f),
        ["adamw-cosine"] = Optimizers.AdamW(0.05f, schedule: Schedules.Cosine(50), beta2: 0.999f),
        ["adamw-clip-norm-warmup-cosine"] =
            ClipByGlobalNorm(1).Then(Optimizers.AdamW(0.05f, 0.1f, Schedules.Cosine(40, 0.1).WithWarmup(10))),
        ["muon"] = Optimizers.Muon(0.05f, 0, 0.5f),
        ["sgd"] = Optimizers.Sgd(0.02f),
        ["sgd-decay"] = Optimizers.Sgd(0.02f, decay: 0.5f),
        ["sgd-momentum"] = Optimizers.Sgd(0.02f, 0.9f),
        ["sgd-momentum-decay"] = Optimizers.Sgd(0.02f, 0.9f, decay: 0.5f, decays: IsMatrix),
        ["sgd-nesterov"] = Optimizers.Sgd(0.02f, 0.8f, nesterov: true),
        ["sgd-nesterov-onecycle"] = Optimizers.Sgd(0.05f, 0.9f, nesterov: true, schedule: Schedules.OneCycle(50)),
        ["sgd-staircase"] = Optimizers.Sgd(0.05f, schedule: Schedules.StepDecay(7, 0.3)),
        ["sgd-clip-norm"] = ClipByGlobalNorm(2).Then(Optimizers.Sgd(0.05f)),
        ["sgd-clip-value"] = ClipByValue(0.5f).Then(Optimizers.Sgd(0.05f)),
    };

    private static readonly Dictionary<string, Schedule> Rates = new()
    {
        ["schedule/cosine"] = Schedules.Cosine(50),
        ["schedule/warmup-cosine"] = Schedules.Cosine(40, 0.1).WithWarmup(10),
        ["schedule/staircase"] = Schedules.StepDecay(7, 0.3),
        ["schedule/onecycle"] = Schedules.OneCycle(50),
        ["schedule/onecycle-late"] = Schedules.OneCycle(50, 0.75),
    };

    public static TheoryData<string> CaseNames => [.. Cases.Keys];

    public static TheoryData<string> RateNames => [.. Rates.Keys];

    [Fact]
    public void Fixtures_AllOfThem_AreTested() =>
        Assert.Equal(Torch.Names.Order(StringComparer.Ordinal), Cases.Keys.Concat(Rates.Keys).Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(CaseNames))]
    public void Optimizer_OverFiftySteps_AgreesWithPyTorch(string name) =>
        Assert.All(Errors(name, Cases[name]), error => Assert.InRange(error, 0, 1e-5));

    [Theory, MemberData(nameof(CaseNames))]
    public void Optimizer_OfAnotherCase_Disagrees(string name) =>
        Assert.All(Cases.Keys.Where(other => other != name), other =>
            Assert.True(Errors(name, Cases[other]).Max() > 1e-3, other));

    [Theory, MemberData(nameof(RateNames))]
    public void Schedule_OverFiftySteps_AgreesWithPyTorch(string name) =>
        Assert.All(Torch.Rates(name).Index(), at =>
            Assert.InRange(Rates[name](at.Index) / at.Item, 1 - 1e-5, 1 + 1e-5));

    /// <summary>The maximum difference for each step and leaf, relative to the largest element.</summary>
    private static IEnumerable<double> Errors(string name, Transform optimizer) =>
        from at in Descent.Run(optimizer, Torch.Start, Torch.Grads).Index()
        from leaves in at.Item.Params.Zip(Torch.At(name, at.Index), (leaf, tensor) => (Ours: leaf.Value, Theirs: tensor))
        let truth = leaves.Theirs.ToArray()
        select leaves.Ours.ToArray().Zip(truth, (a, b) => Math.Abs((double)a - b)).Max() / truth.Max(Math.Abs);
}
