namespace Makemore.Tests;

/// <summary>What is appended to again and again, such as a cache, shares memory with what it was appended to; nothing else may
/// tell.</summary>
public sealed class GrowingRunsTests
{
    private const int B = 2, H = 3, C = 5;
    private static readonly IEngine Engine = new ManagedEngine<V4>(2);

    [Fact]
    public void Concat_AgainAndAgain_LeavesEarlierResultsAsTheyWere()
    {
        Raw[] parts = [.. Enumerable.Range(0, 40).Select(i => Part(i, 1 + (i % 2)))];
        Raw[] grown = [.. parts.Skip(1).Aggregate(new List<Raw> { parts[0] }, (all, part) => [.. all, Join(all[^1], part)])];
        var branch = Join(grown[20], parts[3]);
        for (var i = 0; i < grown.Length; i++)
            Assert.Equal(Whole(parts[..(i + 1)]), Read(grown[i]));
        Assert.Equal(Whole([.. parts[..21], parts[3]]), Read(branch));
    }

    [Fact]
    public void Concat_OnSeveralThreadsAtOnce_GivesEachItsOwn()
    {
        for (var round = 0; round < 50; round++)
        {
            Raw[] beginning = [Part(0, 2), Part(1, 1), Part(2, 1)];
            var (before, added) = (beginning.Aggregate(Join), Enumerable.Range(3, 8).Select(i => Part(i, 1)).ToArray());
            var all = new Raw[added.Length];
            Parallel.For(0, added.Length, i => all[i] = Join(before, added[i]));
            for (var i = 0; i < all.Length; i++)
                Assert.Equal(Whole([.. beginning, added[i]]), Read(all[i]));
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public void MatMul_OfWhatGrew_IsThatOfTheSameElements(bool transpose)
    {
        var grown = Enumerable.Range(0, 30).Select(i => Part(i, 1)).Aggregate(Join);
        var (length, left) = (grown.Shape[2], transpose ? C : grown.Shape[2]);
        var x = Engine.FromFloats(Key.FromSeed(9).Normals(B * H * left), [B, H, 1, left]);
        Shape shape = [B, H, 1, transpose ? length : C];
        var product = Read(Engine.MatMul(x, grown, false, transpose, shape));
        Assert.Equal(Read(Engine.MatMul(x, Engine.FromFloats(Read(grown), grown.Shape), false, transpose, shape)), product);
    }

    [Fact]
    public void Accumulate_IntoWhatGrew_LeavesTheOthersAsTheyWere()
    {
        var before = Enumerable.Range(0, 9).Select(i => Part(i, 1)).Aggregate(Join);
        var (grown, values) = (Join(before, Part(9, 1)), Read(before));
        var sum = Engine.Accumulate(grown, Engine.Full(1, grown.Shape));
        Assert.Equal(values, Read(before));
        var expected = Whole([Engine.FromFloats(Read(sum), sum.Shape), Part(10, 1)]);
        Assert.Equal(expected, Read(Join(sum, Part(10, 1))));
    }

    private static Raw Part(int seed, int length) =>
        Engine.FromFloats(Key.FromSeed(seed).Normals(B * H * length * C), [B, H, length, C]);

    private static Raw Join(Raw x, Raw y) => Engine.Concat([x, y], 2, x.Shape.With(2, x.Shape[2] + y.Shape[2]));

    private static float[] Whole(Raw[] parts) => [
        .. from row in Enumerable.Range(0, B * H)
           from part in parts
           from value in Read(part).Skip(row * part.Shape[2] * C).Take(part.Shape[2] * C)
           select value,
    ];

    private static float[] Read(Raw x)
    {
        var values = new float[x.Shape.Size];
        Engine.Read(x, values);
        return values;
    }
}
