namespace Makemore;

/// <summary>Working memory of a kernel, aligned to a cache line, its contents undefined; on loan from a pool.</summary>
internal readonly unsafe ref struct Scratch(Pool pool, int count)
{
    private readonly Block _memory = pool.Take(count);

    /// <summary>The first element.</summary>
    public float* Start => _memory.Pointer;

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => pool.Give(_memory);
}
