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
    public void Block_Returned_IsReusedForItsSizeDownToHalf()
    {
        var pool = new Pool();
        var (small, large) = (pool.Rent(100), pool.Rent(1000));
        pool.Return(small);
        pool.Return(large);
        Assert.Same(large, pool.Rent(999));
        Assert.Same(small, pool.Rent(97));
        Assert.NotSame(small, pool.Rent(97));
        pool.Return(large);
        Assert.NotSame(large, pool.Rent(400));
        Assert.Same(large, pool.Rent(600));
    }

    [Fact]
    public void Block_RentedBySeveralThreads_BelongsToOneAtATime()
    {
        var (pool, rented) = (new Pool(), new ConcurrentDictionary<Block, bool>());
        Parallel.For(0, 4, new() { MaxDegreeOfParallelism = 4 }, _ =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                var block = pool.Rent(100);
                Assert.True(rented.TryAdd(block, true));
                Assert.True(rented.TryRemove(block, out var _));
                pool.Return(block);
            }
        });
    }

    [Fact]
    public unsafe void Block_IsAlignedToACacheLine()
    {
        var pool = new Pool();
        foreach (var count in (int[])[0, 1, 17, 1000, 70_000])
            Assert.Equal(0, (nint)pool.Rent(count).Pointer % 64);
    }
}
