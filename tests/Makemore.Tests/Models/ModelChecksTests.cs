using static Makemore.Primitives;

namespace Makemore.Tests;

/// <summary>Model checks on a correct model, and on models with the error that each check detects.</summary>
public sealed class ModelChecksTests
{
    private static readonly Names.Table Table = Names.Bigram(smoothing: 1).Table;
    private static readonly Tensor Ids = Tensor.Of([.. Enumerable.Range(0, 24).Select(i => i * 5 % 27)], [4, 6]);

    [Fact]
    public void Errors_SoundModel_AreZero()
    {
        var model = Summing((past, _) => past);
        Assert.Equal(0, ModelChecks.StepError(model, Table, Ids));
        Assert.Equal(0, ModelChecks.LeavingError(model, Table, Ids));
        Assert.Equal(0, ModelChecks.FutureError(model, Table, Ids, 27));
    }

    [Fact]
    public void StepError_StepDiffersFromForward_IsDetected() => Assert.True(
        ModelChecks.StepError(Summing((past, _) => past) with { Forward = (p, ids) => Gather(p.Logits, ids) }, Table, Ids) > 0.1);

    [Fact]
    public void LeavingError_RowsDependOnOthers_IsDetected() => Assert.True(
        ModelChecks.LeavingError(Summing((past, batch) => past - BroadcastTo(Mean(past, 0), [batch, 27])), Table, Ids) > 0.1);

    [Fact]
    public void FutureError_ModelSeesTheFuture_IsDetected() => Assert.True(ModelChecks.FutureError(
        Summing((past, _) => past) with { Forward = (p, ids) => Gather(p.Logits, ids) + Mean(Mean(Gather(p.Logits, ids), 0), 0) },
        Table, Ids, 27) > 0.01);

    [Fact]
    public void Errors_SomeLogitsAreNaN_AreNaN()
    {
        var model = Summing((past, _) => Log(past - 5));
        Assert.True(double.IsNaN(ModelChecks.StepError(model, Table, Ids)));
        Assert.True(double.IsNaN(ModelChecks.FutureError(model, Table, Ids, 27)));
    }

    private static Model<Names.Table, Tensor> Summing(Func<Tensor, int, Tensor> seen) => Model.FromStep<Names.Table, Tensor>(
        "summing", 8, _ => Table, (_, batch) => Tensor.Zeros([batch, 27]),
        (p, past, ids) =>
        {
            var sum = past + Gather(p.Logits, ids);
            return (seen(sum, ids.Shape[0]), sum);
        });
}
