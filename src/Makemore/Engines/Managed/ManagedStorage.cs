using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>Pinned memory of a whole number of cache lines, aligned to one: a kernel may read and write past the last
/// element up to the next multiple of sixteen.</summary>
/// <remarks>Pinned memory is dear to make. So what was left to the collector, because no region owned it, goes back
/// to the pool when the collector finds it; everything else is given back by its region, and not watched.</remarks>
internal sealed unsafe class ManagedStorage : Storage
{
    private const int Line = 64;

    // The array keeps the memory behind the pointer alive.
    private readonly float[] _array;
    private bool _isLeft;
    private PackedMatrix? _packed;
    private PackedMatrix? _packedTransposed;

    public ManagedStorage(IEngine engine, int capacity, int sizeClass)
        : base(engine)
    {
        _array = GC.AllocateUninitializedArray<float>(capacity + (Line / sizeof(float)), pinned: true);
        var address = (nint)Unsafe.AsPointer(ref _array[0]);
        Pointer = (float*)((address + Line - 1) / Line * Line);
        SizeClass = sizeClass;
        TakeFromCollector();
    }

    ~ManagedStorage()
    {
        GC.ReRegisterForFinalize(this);
        Return();
    }

    public float* Pointer { get; }

    public int SizeClass { get; }

    // The collector sees a small old object; the pressure tells it what hangs on that.
    protected internal override void LeaveToCollector()
    {
        GC.ReRegisterForFinalize(this);
        GC.AddMemoryPressure(_array.Length * sizeof(float));
        _isLeft = true;
    }

#pragma warning disable CA1816 // This is no disposal: the memory changes hands between the pool and the collector.
    public void TakeFromCollector()
    {
        GC.SuppressFinalize(this);
        if (_isLeft)
            GC.RemoveMemoryPressure(_array.Length * sizeof(float));
        _isLeft = false;
    }
#pragma warning restore CA1816

    /// <summary>The elements laid out as the right matrix of a product; none where that was not done before.</summary>
    public ManagedStorage? FindPacked(bool isTransposed, int inner, int columns)
    {
        var packed = Volatile.Read(ref isTransposed ? ref _packedTransposed : ref _packed);
        return packed is not null && packed.Inner == inner && packed.Columns == columns ? packed.Memory : null;
    }

    /// <summary>Keeps them so until the memory is given back. Of two threads that have laid them out, the last one's
    /// stays, and the other's is left to the collector.</summary>
    public void KeepPacked(bool isTransposed, PackedMatrix packed) =>
        Volatile.Write(ref isTransposed ? ref _packedTransposed : ref _packed, packed);

    /// <summary>Gives what was kept with the elements to a pool.</summary>
    public void GivePacked(Pool pool)
    {
        if (_packed is { } packed)
            pool.Give(packed.Memory);
        if (_packedTransposed is { } transposed)
            pool.Give(transposed.Memory);
        (_packed, _packedTransposed) = (null, null);
    }
}

/// <summary>A matrix (inner, columns) laid out for products.</summary>
internal sealed record PackedMatrix(ManagedStorage Memory, int Inner, int Columns);
