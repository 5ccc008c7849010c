namespace Makemore;

/// <summary>A loan of a block of memory, for as long as the elements of one result live.</summary>
/// <remarks>What belongs to a region is given back by that. What no region owns is given back when the collector finds
/// that nobody holds it: then a leash, which only the loan holds, is finalized. Loans are new for each result, so that
/// those that die young are found by the cheapest kind of collection.</remarks>
internal sealed unsafe class ManagedStorage(IEngine engine, Pool pool, Block block) : Storage(engine)
{
    private Leash? _leash;

    public Block Block => block;

    public float* Pointer { get; } = block.Pointer;

    /// <summary>Whether each thread has some of the rows in its cache.</summary>
    public bool IsSpread { get; set; }

    protected internal override void LeaveToCollector() => _leash ??= new(pool, block);

    /// <summary>Gives the block back.</summary>
    public void End()
    {
        _leash?.Cut();
        _leash = null;
        block.GiveTo(pool);
    }

    private sealed class Leash
    {
        private readonly Pool _pool;
        private readonly Block _block;

        public Leash(Pool pool, Block block)
        {
            (_pool, _block) = (pool, block);
            pool.CountLeft(block.Bytes);
        }

        ~Leash()
        {
            _pool.CountLeft(-_block.Bytes);
            _block.GiveTo(_pool);
        }

#pragma warning disable CA1816 // This is no disposal: the block is given back by somebody else.
        public void Cut()
        {
            GC.SuppressFinalize(this);
            _pool.CountLeft(-_block.Bytes);
        }
#pragma warning restore CA1816
    }
}
