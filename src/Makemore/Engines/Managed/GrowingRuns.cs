namespace Makemore;

/// <summary>Runs of elements with room for more at the end of each. The results of appending again and again share it: each is the
/// beginning of all runs, and the longest can be appended to in place.</summary>
internal sealed unsafe class GrowingRuns(Pool pool, Block block, int count, int capacity, int length)
{
    private int _length = length;
    private int _users;

    /// <summary>The number of runs.</summary>
    public int Count => count;

    /// <summary>The number of elements that a run has room for, and so the distance from one to the next.</summary>
    public int Capacity => capacity;

    public float* Pointer => block.Pointer;

    /// <summary>Makes the runs longer, unless they are longer already, or there is no room. Of several threads, one succeeds.</summary>
    public bool Extend(int from, int to) => to <= capacity && Interlocked.CompareExchange(ref _length, to, from) == from;

    /// <summary>Counts a result that uses the memory.</summary>
    public GrowingRuns Join()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    /// <summary>Returns the memory to the pool if no other result uses it.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            block.ReturnTo(pool);
    }
}
