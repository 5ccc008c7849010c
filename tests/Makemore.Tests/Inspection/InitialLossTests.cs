using static Makemore.Primitives;

namespace Makemore.Tests;

/// <summary>The loss before the first step, and the layer that is named when it is too high.</summary>
public sealed class InitialLossTests
{
    private const int V = 27, E = 64;

    private static readonly Batch Batch = Names.Corpus.Batches(Names.Corpus.Train, 32, ManagedEngine.Default).At(Key.FromSeed(1), 0);

    [Theory]
    [InlineData(0.02f, false), InlineData(1, true)]
    public void Of_TiedWeights_NamesThemIfTheyAreTooWide(float deviation, bool isTooHigh)
    {
        foreach (var head in new Func<Tensor, Tensor, Tensor>[] { (x, w) => LinearMap(x, w), (x, w) => MatMul(x, w.Transpose(0, 1)) })
        {
            var initial = Of((p, x) => head(Tanh(LinearMap(x, p.Hidden)), p.Wte), deviation);
            Assert.Equal((isTooHigh, "wte", V), (initial.IsTooHigh, initial.Layer, initial.Vocabulary));
            Assert.Equal(Math.Log(V), initial.Uniform, 1e-12);
            Assert.InRange(initial.Nats / initial.Uniform, isTooHigh ? 2 : 0.98, isTooHigh ? 20 : 1.02);
            // The logits are √E · deviation wide, or a little less.
            Assert.InRange(initial.Deviation / (8 * deviation), 0.4, 1.1);
        }
    }

    [Fact]
    public void Of_LogitsThatAreNaN_IsNotTooHigh()
    {
        var initial = Of((p, x) => Log(LinearMap(x, p.Wte) * 0 - 1), 1);
        Assert.True(double.IsNaN(initial.Nats));
        Assert.False(initial.IsTooHigh);
    }

    private static InitialLoss Of(Func<Tied, Tensor, Tensor> logits, float deviation)
    {
        var p = new Tied(
            Tensor.Of([.. Key.FromSeed(2).Normals(V * E).Select(x => x * deviation)], [V, E]),
            Tensor.Of([.. Key.FromSeed(3).Normals(E * E).Select(x => x / (8 * deviation))], [E, E]));
        var model = Model.FromForward<Tied>(
            "tied", Names.Corpus.BlockSize, _ => p, (p, ids) => logits(p, Gather(p.Wte, ids)));
        return InitialLoss.Of(model, p, Batch, Key.FromSeed(4));
    }

    private sealed record Tied(Tensor Wte, Tensor Hidden);
}
