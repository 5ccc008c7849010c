namespace Makemore;

/// <summary>Scratch memory of a kernel, rented from a pool; aligned to a cache line, with undefined contents.</summary>
internal readonly unsafe ref struct Scratch(Pool pool, int count)
{
    private readonly Block _memory = pool.Rent(count);

    /// <summary>The first element.</summary>
    public float* Start => _memory.Pointer;

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose() => pool.Return(_memory);
}
