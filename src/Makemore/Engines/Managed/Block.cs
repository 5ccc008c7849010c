using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>Pinned memory of a whole number of cache lines, aligned to a cache line. A kernel may read and write past the last
/// element up to the next multiple of sixteen, and read one more line. Blocks are expensive to allocate, so they are pooled and
/// never freed.</summary>
internal sealed unsafe class Block
{
    private const int Line = 64;

    // Keeps the memory behind the pointer alive.
    private readonly float[] _array;
    private readonly bool _isBorrowed;
    private PackedMatrix? _packed;
    private PackedMatrix? _packedTransposed;

    public Block(int capacity, int sizeClass)
    {
        _array = GC.AllocateUninitializedArray<float>(capacity + (2 * Line / sizeof(float)), pinned: true);
        var address = (nint)Unsafe.AsPointer(ref _array[0]);
        Pointer = (float*)((address + Line - 1) / Line * Line);
        SizeClass = sizeClass;
    }

    /// <summary>The memory of another block, which returns it. What is packed of it is this block's.</summary>
    public Block(Block other)
    {
        (_array, SizeClass, _isBorrowed) = (other._array, other.SizeClass, true);
        Pointer = other.Pointer;
    }

    public float* Pointer { get; }

    public int SizeClass { get; }

    public long Bytes => _array.Length * (long)sizeof(float);

    /// <summary>The elements packed as the right matrix of a product; null if they were not packed before.</summary>
    public Block? FindPacked(bool isTransposed, int inner, int columns)
    {
        var packed = Volatile.Read(ref isTransposed ? ref _packedTransposed : ref _packed);
        return packed is not null && packed.Inner == inner && packed.Columns == columns ? packed.Memory : null;
    }

    /// <summary>Whether the elements were the right matrix of such a product before; if not, remembers that they are now.</summary>
    public bool IsUsedAgain(bool isTransposed, int inner, int columns)
    {
        ref var slot = ref isTransposed ? ref _packedTransposed : ref _packed;
        if (Volatile.Read(ref slot) is { } packed)
            return packed.Inner == inner && packed.Columns == columns;
        Volatile.Write(ref slot, new(null, inner, columns));
        return false;
    }

    /// <summary>Caches the packed elements until the block is returned. If two threads have packed them, the last one's stays and
    /// the other's is left to the garbage collector.</summary>
    public void CachePacked(bool isTransposed, PackedMatrix packed) =>
        Volatile.Write(ref isTransposed ? ref _packedTransposed : ref _packed, packed);

    /// <summary>Returns the cached packed elements to a pool, because the elements are about to change.</summary>
    public void ReleasePacked(Pool pool)
    {
        if (_packed is { Memory: { } packed })
            pool.Return(packed);
        if (_packedTransposed is { Memory: { } transposed })
            pool.Return(transposed);
        (_packed, _packedTransposed) = (null, null);
    }

    /// <summary>Returns this block and its cached packed elements to a pool.</summary>
    public void ReturnTo(Pool pool)
    {
        ReleasePacked(pool);
        if (!_isBorrowed)
            pool.Return(this);
    }
}

/// <summary>A matrix (inner, columns) packed for products; without memory if it was used once and is not packed yet.</summary>
internal sealed record PackedMatrix(Block? Memory, int Inner, int Columns);
