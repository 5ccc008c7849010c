using Makemore.Tests.Scripts;
using static Makemore.Primitives;

namespace Makemore.Tests;

public sealed class AttentionMapsTests
{
    private const int T = 4;

    /// <summary>Two layers over equal scores: every position attends equally to itself and all before it. The last softmax, over
    /// T classes, is not attention.</summary>
    [Fact]
    public void Of_EqualScores_AreUniformOverThePast()
    {
        var maps = Maps(scores => Softmax(Softmax(MaskFuture(scores)) + Softmax(MaskFuture(scores * 2))));
        Assert.Equal([(0, 0), (0, 1), (1, 0), (1, 1)], maps.Select(map => (map.Layer, map.Head)));
        Assert.All(maps, map =>
        {
            for (var t = 0; t < T; t++)
                for (var s = 0; s < T; s++)
                    Assert.Equal(s <= t ? 1f / (t + 1) : 0, map[t, s], 1e-6f);
        });
    }

    [Fact]
    public void Of_ModelThatSeesTheFuture_AreNone() => Assert.Empty(Maps(Softmax));

    [Theory]
    [InlineData("transformer", 4)]
    [InlineData("modern", 4)]
    [InlineData("tweaks/rms-transformer", 4)]
    [InlineData("mlp", 0)]
    [InlineData("bow", 0)]
    public void Of_Script_AreItsLayersTimesItsHeads(string script, int count) =>
        ScriptModel.Of(script).Check(new HasMaps(count));

    private static IReadOnlyList<AttentionMap> Maps(Func<Tensor, Tensor> attend)
    {
        var model = Model.FromForward<Scores>("toy", T, _ => null!, (p, ids) => attend(p.Values) * ids.Shape[0]);
        return AttentionMaps.Of(model, new(Tensor.Zeros([1, 2, T, T])), [0, 1, 2, 3]);
    }

    private sealed record Scores(Tensor Values);

    private sealed class HasMaps(int count) : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var maps = AttentionMaps.Of(model, p, [0, 3, 1, 2, 5]);
            Assert.Equal(count, maps.Length);
            Assert.All(maps, map => Assert.Equal(1, map[0, 0], 1e-6f));
            Assert.Equal(count, maps.Select(map => string.Join(' ', map.Weights)).Distinct().Count());
        }
    }
}
