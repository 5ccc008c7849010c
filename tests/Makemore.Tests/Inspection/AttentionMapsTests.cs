using Makemore.Tests.Scripts;
using static Makemore.Primitives;

namespace Makemore.Tests;

public sealed class AttentionMapsTests
{
    private const int T = 4;

    /// <summary>Two layers over scores that are all equal: every position looks at itself and all before it alike. The last
    /// softmax, over T classes, is no attention.</summary>
    [Fact]
    public void Maps_OfEqualScores_AreEvenOverThePast()
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
    public void Maps_OfAModelThatLooksAhead_AreNone() => Assert.Empty(Maps(Softmax));

    [Theory]
    [InlineData("transformer", 4)]
    [InlineData("tweaks/rms-transformer", 4)]
    [InlineData("mlp", 0)]
    [InlineData("bow", 0)]
    public void Maps_OfAScript_AreItsLayersTimesItsHeads(string script, int count) =>
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
