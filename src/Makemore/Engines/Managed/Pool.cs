using System.Numerics;

namespace Makemore;

/// <summary>Memory that was given back, by size, for the next one to ask. Sizes are powers of two and the quarters
/// between them, so at most a fifth is wasted, and a step that has run before finds all it needs.</summary>
/// <remarks>A tensor that nobody holds looks small to the collector, whatever hangs on it. So before the pool grows, it has
/// the collector look, whenever what was left to it has doubled since the last time.</remarks>
internal sealed class Pool
{
    private const int Smallest = 64;
    private const long MinLeft = 64 << 20;
    private readonly Stack<Block>[] _free = [.. Enumerable.Range(0, 128).Select(_ => new Stack<Block>())];

    // Held for a few instructions, hundreds of times a step: one that knows its owner would take longer than what it guards.
    private SpinLock _lock = new(enableThreadOwnerTracking: false);
    private long _left;
    private long _mostLeft = MinLeft;

    /// <summary>Memory for at least so many elements, its contents undefined.</summary>
    public Block Take(int count)
    {
        var sizeClass = ClassOf(count);
        return TakeFree(sizeClass) ?? Recollect(sizeClass) ?? new(CapacityOf(sizeClass), sizeClass);
    }

    /// <summary>Takes memory back.</summary>
    public void Give(Block block)
    {
        var isHeld = false;
        try
        {
            _lock.Enter(ref isHeld);
            _free[block.SizeClass].Push(block);
        }
        finally
        {
            if (isHeld)
                _lock.Exit(useMemoryBarrier: false);
        }
    }

    /// <summary>Takes note of memory that is left to the collector, or is no longer.</summary>
    public void CountLeft(long bytes) => Interlocked.Add(ref _left, bytes);

    private Block? TakeFree(int sizeClass)
    {
        var isHeld = false;
        try
        {
            _lock.Enter(ref isHeld);
            return _free[sizeClass].TryPop(out var block) ? block : null;
        }
        finally
        {
            if (isHeld)
                _lock.Exit(useMemoryBarrier: false);
        }
    }

    private Block? Recollect(int sizeClass)
    {
        if (Interlocked.Read(ref _left) < _mostLeft)
            return null;
        GC.Collect();
        GC.WaitForPendingFinalizers();
        _mostLeft = Math.Max(MinLeft, 2 * Interlocked.Read(ref _left));
        return TakeFree(sizeClass);
    }

    /// <summary>The number of the smallest class that holds a count.</summary>
    internal static int ClassOf(int count)
    {
        if (count <= Smallest)
            return 0;
        var power = BitOperations.Log2((uint)(count - 1));
        var quarter = ((count - 1) >> (power - 2)) & 3;
        return ((power - BitOperations.Log2(Smallest)) * 4) + quarter + 1;
    }

    internal static int CapacityOf(int sizeClass)
    {
        var (octave, quarter) = Math.DivRem(sizeClass, 4);
        return checked((int)((4L + quarter) * (Smallest / 4) << octave));
    }
}
