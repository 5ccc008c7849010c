namespace Makemore;

/// <summary>Runs of elements with room for more at the end of each. The results of appending again and again share it: each is the
/// beginning of all runs, and the longest can be appended to in place.</summary>
internal sealed unsafe class GrowingRuns(Pool pool, Block block, int count, int capacity)
{
    private int _users;

    /// <summary>The number of runs.</summary>
    public int Count => count;

    /// <summary>The number of elements that a run has room for, and so the distance from one to the next.</summary>
    public int Capacity => capacity;

    /// <summary>The number of elements in a run so far.</summary>
    public int Length { get; set; }

    public float* Pointer => block.Pointer;

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
