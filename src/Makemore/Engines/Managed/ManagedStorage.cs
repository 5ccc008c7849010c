namespace Makemore;

/// <summary>A block of memory rented for the elements of one result.</summary>
/// <remarks>A region returns the blocks that it owns. A block without a region is returned when the garbage collector finds it
/// unreachable: then a guard that only this storage refers to is finalized. Each result has a storage of its own, so that those
/// that die young are found by the cheapest kind of collection.</remarks>
internal sealed unsafe class ManagedStorage(IEngine engine, Pool pool, Block block) : Storage(engine)
{
    private FinalizerGuard? _guard;

    public Block Block => block;

    public float* Pointer { get; } = block.Pointer;

    /// <summary>Whether each thread has a part of the rows in its cache.</summary>
    public bool IsDistributed { get; set; }

    protected internal override void LeaveToCollector() => _guard ??= new(pool, block);

    /// <summary>Returns the block to the pool.</summary>
    public void Release()
    {
        _guard?.Disarm();
        _guard = null;
        block.ReturnTo(pool);
    }

    private sealed class FinalizerGuard
    {
        private readonly Pool _pool;
        private readonly Block _block;

        public FinalizerGuard(Pool pool, Block block)
        {
            (_pool, _block) = (pool, block);
            pool.TrackUnowned(block.Bytes);
        }

        ~FinalizerGuard()
        {
            _pool.TrackUnowned(-_block.Bytes);
            _block.ReturnTo(_pool);
        }

#pragma warning disable CA1816 // Not a Dispose: the block is returned elsewhere.
        public void Disarm()
        {
            GC.SuppressFinalize(this);
            _pool.TrackUnowned(-_block.Bytes);
        }
#pragma warning restore CA1816
    }
}
