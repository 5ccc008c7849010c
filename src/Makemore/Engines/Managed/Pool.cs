using System.Numerics;

namespace Makemore;

/// <summary>Returned blocks, by size, for reuse. Sizes are powers of two and the quarters between them, so at most a fifth of a
/// new block is wasted, and a step that has run before finds all the blocks it needs. Where there is none of a size, one of up to
/// twice that size is taken: batches of many widths share their memory.</summary>
/// <remarks>To the garbage collector an unreachable tensor looks small, whatever memory it holds. So before the pool grows it
/// triggers a collection whenever the memory left to the collector has doubled since the last time.</remarks>
internal sealed class Pool
{
    private const int MinCapacity = 64;
    private const int ClassesPerOctave = 4;
    private const long MinUnowned = 64 << 20;
    private static readonly long Available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    private readonly Stack<Block>[] _free = [.. Enumerable.Range(0, 128 + ClassesPerOctave).Select(_ => new Stack<Block>())];

    // Held for a few instructions, hundreds of times per step: tracking its owner would take longer than what it guards.
    private SpinLock _lock = new(enableThreadOwnerTracking: false);
    private long _unowned;
    private long _maxUnowned = MinUnowned;

    /// <summary>A block for at least <paramref name="count"/> elements, which are undefined.</summary>
    public Block Rent(int count)
    {
        var sizeClass = ClassOf(count);
        return TryRent(sizeClass) ?? CollectAndRetry(sizeClass) ?? Allocate(sizeClass);
    }

    /// <summary>Returns a block to the pool.</summary>
    public void Return(Block block)
    {
        var isLocked = false;
        try
        {
            _lock.Enter(ref isLocked);
            _free[block.SizeClass].Push(block);
        }
        finally
        {
            if (isLocked)
                _lock.Exit(useMemoryBarrier: false);
        }
    }

    /// <summary>Counts bytes that are left to the garbage collector; negative when they no longer are.</summary>
    public void TrackUnowned(long bytes) => Interlocked.Add(ref _unowned, bytes);

    /// <summary>A new block, unless the machine lacks the memory: taking that would end the process without a word.</summary>
    private static Block Allocate(int sizeClass)
    {
        var capacity = CapacityOf(sizeClass);
        var bytes = sizeof(float) * (long)capacity;
        return GC.GetTotalMemory(false) + bytes <= Available || GC.GetTotalMemory(forceFullCollection: true) + bytes <= Available
            ? new(capacity, sizeClass)
            : throw new EngineException(
                $"out of memory: tensors need {bytes >> 20} MiB more than the {GC.GetTotalMemory(false) >> 20} MiB in use, and there are {Available >> 20} MiB");
    }

    private Block? TryRent(int sizeClass)
    {
        var isLocked = false;
        try
        {
            _lock.Enter(ref isLocked);
            for (var larger = sizeClass; larger <= sizeClass + ClassesPerOctave; larger++)
                if (_free[larger].TryPop(out var block))
                    return block;
            return null;
        }
        finally
        {
            if (isLocked)
                _lock.Exit(useMemoryBarrier: false);
        }
    }

    private Block? CollectAndRetry(int sizeClass)
    {
        if (Interlocked.Read(ref _unowned) < _maxUnowned)
            return null;
        GC.Collect();
        GC.WaitForPendingFinalizers();
        _maxUnowned = Math.Max(MinUnowned, 2 * Interlocked.Read(ref _unowned));
        return TryRent(sizeClass);
    }

    /// <summary>The smallest size class that holds a number of elements.</summary>
    internal static int ClassOf(int count)
    {
        if (count <= MinCapacity)
            return 0;
        var power = BitOperations.Log2((uint)(count - 1));
        var quarter = ((count - 1) >> (power - 2)) & 3;
        return ((power - BitOperations.Log2(MinCapacity)) * ClassesPerOctave) + quarter + 1;
    }

    internal static int CapacityOf(int sizeClass)
    {
        var (octave, quarter) = Math.DivRem(sizeClass, ClassesPerOctave);
        return checked((int)(((long)ClassesPerOctave + quarter) * (MinCapacity / ClassesPerOctave) << octave));
    }
}
