namespace Makemore;

/// <summary>A block of memory rented for the elements of one result. One that was appended to another may share memory with it,
/// and gets a block of its own when an operation asks for its elements in order.</summary>
/// <remarks>A region returns the blocks that it owns. A block without a region is returned when the garbage collector finds it
/// unreachable: then a guard that only this storage refers to is finalized. Each result has a storage of its own, so that those
/// that die young are found by the cheapest kind of collection.</remarks>
internal sealed unsafe class ManagedStorage : Storage
{
    private readonly Pool _pool;
    private readonly int _length;
    private Block? _block;
    private GrowingRuns? _runs;
    private FinalizerGuard? _guard;

    public ManagedStorage(IEngine engine, Pool pool, Block block)
        : base(engine) => (_pool, _block) = (pool, block);

    /// <summary>The first elements of each run.</summary>
    public ManagedStorage(IEngine engine, Pool pool, GrowingRuns runs, int length)
        : base(engine) => (_pool, _runs, _length) = (pool, runs.Join(), length);

    public Block Block => _block ?? Gather(_runs!);

    public float* Pointer => Block.Pointer;

    /// <summary>Whether each thread has a part of the rows in its cache.</summary>
    public bool IsDistributed { get; set; }

    /// <summary>Whether the elements are those of two results, and may be appended to again.</summary>
    public bool IsJoined { get; set; }

    /// <summary>The memory, if it is that of a number of runs that grow, of this length so far.</summary>
    public GrowingRuns? RunsOf(int count, int length) =>
        _runs is { } runs && runs.Count == count && _length == length ? runs : null;

    /// <summary>Leaves the memory that is shared with other results, because the elements are about to change, or to be
    /// the garbage collector's.</summary>
    public void Unshare()
    {
        if (_runs is not { } runs)
            return;
        Gather(runs);
        _runs = null;
        runs.Leave();
    }

    protected internal override void LeaveToCollector()
    {
        Unshare();
        _guard ??= new(_pool, Block);
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Release()
    {
        _guard?.Disarm();
        _guard = null;
        _block?.ReturnTo(_pool);
        _runs?.Leave();
    }

    private Block Gather(GrowingRuns runs)
    {
        if (_block is { } gathered)
            return gathered;
        var block = _pool.Rent(runs.Count * _length);
        for (var run = 0; run < runs.Count; run++)
            new Span<float>(runs.Pointer + ((long)run * runs.Capacity), _length)
                .CopyTo(new Span<float>(block.Pointer + ((long)run * _length), _length));
        if (Interlocked.CompareExchange(ref _block, block, null) is not { } first)
            return block;
        _pool.Return(block);
        return first;
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
