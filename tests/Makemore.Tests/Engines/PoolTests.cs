using System.Collections.Concurrent;

namespace Makemore.Tests;

public sealed class PoolTests
{
    [Fact]
    public void Capacity_OfEveryCount_HoldsItInWholeVectors()
    {
        for (var (count, last) = (0, 0); count <= 1_000_000; count++)
        {
            var sizeClass = Pool.ClassOf(count);
            var capacity = Pool.CapacityOf(sizeClass);
            Assert.True(capacity >= (count + 15) / 16 * 16, $"{count} in {capacity}");
            Assert.True(count <= 64 || capacity <= count * 1.25 + 16, $"{count} wastes {capacity}");
            Assert.True(sizeClass == last || (sizeClass == last + 1 && Pool.CapacityOf(last) < count), $"{count}");
            last = sizeClass;
        }
    }

    [Fact]
    public void Memory_GivenBack_IsTakenAgainByTheSameClassOnly()
    {
        var pool = new Pool();
        var (small, large) = (pool.Take(100), pool.Take(1000));
        pool.Give(small);
        pool.Give(large);
        Assert.Same(large, pool.Take(999));
        Assert.Same(small, pool.Take(97));
        Assert.NotSame(small, pool.Take(97));
    }

    [Fact]
    public void Memory_TakenBySeveralThreads_IsLentToOneAtATime()
    {
        var (pool, lent) = (new Pool(), new ConcurrentDictionary<Block, bool>());
        Parallel.For(0, 4, new() { MaxDegreeOfParallelism = 4 }, _ =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                var block = pool.Take(100);
                Assert.True(lent.TryAdd(block, true));
                Assert.True(lent.TryRemove(block, out var _));
                pool.Give(block);
            }
        });
    }

    [Fact]
    public unsafe void Memory_IsAlignedToACacheLine()
    {
        var pool = new Pool();
        foreach (var count in (int[])[0, 1, 17, 1000, 70_000])
            Assert.Equal(0, (nint)pool.Take(count).Pointer % 64);
    }
}
