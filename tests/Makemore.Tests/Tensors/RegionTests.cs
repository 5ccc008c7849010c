using static Makemore.Primitives;

namespace Makemore.Tests;

public sealed class RegionTests
{
    [Fact]
    public void Result_OfAnOperation_BelongsToTheInnermostRegion()
    {
        using var outer = Region.Root.Open();
        using var inner = outer.Open();
        var (a, b, c) = (Tensor.Ones([2]), Tensor.Ones([2]).In(outer), Tensor.Ones([2]).In(inner));
        Assert.Same(Region.Root, (a + a).Region);
        Assert.Same(outer, (a + b).Region);
        Assert.Same(inner, Concat(0, a, b, c).Region);
        Assert.Same(inner, c.Reshape([2, 1]).Region);
    }

    [Fact]
    public void Tensor_OfAClosedRegion_ThrowsAndNamesEscape()
    {
        var region = Region.Root.Open();
        var seen = Tensor.Ones([2]).In(region);
        var (made, view) = (seen + 1, (seen + 1).Reshape([1, 2]));
        region.Dispose();
        foreach (var tensor in (Tensor[])[seen, made, view])
        {
            Assert.Contains("Escape", Assert.Throws<ObjectDisposedException>(() => tensor.ToArray()).Message);
            Assert.Throws<ObjectDisposedException>(() => tensor + 1);
            Assert.Throws<ObjectDisposedException>(() => tensor.Reshape([2, 1, 1]));
            Assert.Throws<ObjectDisposedException>(() => tensor.Escape(Region.Root));
            Assert.EndsWith("buffer returned", tensor.ToString());
        }
    }

    [Fact]
    public void Tensor_ThatEscaped_OutlivesItsRegion()
    {
        using var outer = Region.Root.Open();
        var inner = outer.Open();
        var made = Tensor.Ones([3]).In(inner) + 1;
        var (kept, viewed, twice) = (made.Escape(Region.Root), (made * 2).Reshape([3, 1]).Escape(outer), made.Escape(outer));
        inner.Dispose();
        Churn();
        Assert.Equal([2f, 2, 2], kept.ToArray());
        Assert.Equal([2f, 2, 2], twice.ToArray());
        Assert.Equal([4f, 4, 4], viewed.ToArray());
        outer.Dispose();
        Churn();
        Assert.Equal([2f, 2, 2], kept.ToArray());
        Assert.Throws<ObjectDisposedException>(viewed.ToArray);
    }

    [Fact]
    public void Tensor_LiftedInwards_EscapesFromTheRegionThatOwnsIt()
    {
        var outer = Region.Root.Open();
        var inner = outer.Open();
        var kept = (Tensor.Ones([3]).In(outer) + 1).In(inner).Escape(Region.Root);
        inner.Dispose();
        outer.Dispose();
        Churn();
        Assert.Equal([2f, 2, 2], kept.ToArray());
    }

    [Fact]
    public void Constant_ThatEscapesInwards_StaysWithTheRoot()
    {
        var constant = Tensor.Ones([3]);
        var region = Region.Root.Open();
        Assert.Equal([1f, 1, 1], constant.Escape(region).ToArray());
        region.Dispose();
        Churn();
        Assert.Equal([1f, 1, 1], constant.ToArray());
    }

    [Fact]
    public void Regions_Unrelated_DoNotMix()
    {
        using var one = Region.Root.Open();
        using var other = Region.Root.Open();
        Assert.Throws<InvalidOperationException>(() => Tensor.Ones([2]).In(one) + Tensor.Ones([2]).In(other));
    }

    [Fact]
    public void Buffers_OfAClosedRegion_AreReused()
    {
        var engine = ManagedEngine.Create(1);
        var before = Blocks(engine, 3);
        Assert.Equal(before, Blocks(engine, 3));
    }

    /// <summary>Buffers of unreachable tensors of the root also return to the pool, when they are collected.</summary>
    [Fact]
    public void Buffers_OfTheRoot_AreNeverTakenFromALiveTensor()
    {
        var engine = ManagedEngine.Create(1);
        var held = Enumerable.Range(0, 50).Select(i => Tensor.Full(i, [1000], engine)).ToArray();
        for (var round = 0; round < 20; round++)
        {
            for (var i = 0; i < 50; i++)
                _ = held[i] * 2;
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        for (var i = 0; i < 50; i++)
            Assert.All(held[i].ToArray(), x => Assert.Equal(i, x));
    }

    [Fact]
    public void Buffers_OfTheRoot_ThatAreUnreachable_AreReused()
    {
        var (x, used) = (Tensor.Full(1, [1_000_000], ManagedEngine.Create(1)), new HashSet<Block>());
        for (var i = 0; i < 400; i++)
            used.Add(((ManagedStorage)(x * 2).Raw.Storage).Block);
        Assert.InRange(used.Count, 1, 50);
    }

    private static HashSet<Block> Blocks(IEngine engine, int count)
    {
        using var region = Region.Root.Open();
        var one = new Tensor(engine.Full(1, [500]), region);
        region.Own(one.Raw.Storage);
        return [BlockOf(one), .. Enumerable.Range(0, count).Select(i => BlockOf(one + i))];

        static Block BlockOf(Tensor x) => ((ManagedStorage)x.Raw.Storage).Block;
    }

    /// <summary>Allocates and overwrites returned buffers, so that a tensor that still refers to one is detected.</summary>
    private static void Churn()
    {
        for (var i = 0; i < 100; i++)
            GC.KeepAlive(Tensor.Full(-99, [3]));
    }
}
