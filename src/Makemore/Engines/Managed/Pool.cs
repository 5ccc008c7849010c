using System.Numerics;

namespace Makemore;

/// <summary>Memory that was given back, by size, for the next one to ask. Sizes are powers of two and the quarters
/// between them, so at most a fifth is wasted, and a step that has run before finds all it needs.</summary>
internal sealed class Pool(IEngine engine)
{
    private const int Smallest = 64;
    private readonly Stack<ManagedStorage>[] _free = [.. Enumerable.Range(0, 128).Select(_ => new Stack<ManagedStorage>())];
    private readonly Lock _lock = new();

    /// <summary>Memory for at least so many elements, its contents undefined.</summary>
    public ManagedStorage Take(int count)
    {
        var sizeClass = ClassOf(count);
        lock (_lock)
            if (_free[sizeClass].TryPop(out var storage))
                return storage;
        return new(engine, CapacityOf(sizeClass), sizeClass);
    }

    /// <summary>Takes memory back.</summary>
    public void Give(ManagedStorage storage)
    {
        lock (_lock)
            _free[storage.SizeClass].Push(storage);
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
