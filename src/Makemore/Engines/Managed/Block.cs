using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>Pinned memory of a whole number of cache lines, aligned to one: a kernel may read and write past the last
/// element up to the next multiple of sixteen, and read a line more. It is dear to make, so it is never given up: a pool
/// lends it.</summary>
internal sealed unsafe class Block
{
    private const int Line = 64;

    // The array keeps the memory behind the pointer alive.
    private readonly float[] _array;
    private PackedMatrix? _packed;
    private PackedMatrix? _packedTransposed;

    public Block(int capacity, int sizeClass)
    {
        _array = GC.AllocateUninitializedArray<float>(capacity + (2 * Line / sizeof(float)), pinned: true);
        var address = (nint)Unsafe.AsPointer(ref _array[0]);
        Pointer = (float*)((address + Line - 1) / Line * Line);
        SizeClass = sizeClass;
    }

    public float* Pointer { get; }

    public int SizeClass { get; }

    public long Bytes => _array.Length * (long)sizeof(float);

    /// <summary>The elements laid out as the right matrix of a product; none where that was not done before.</summary>
    public Block? FindPacked(bool isTransposed, int inner, int columns)
    {
        var packed = Volatile.Read(ref isTransposed ? ref _packedTransposed : ref _packed);
        return packed is not null && packed.Inner == inner && packed.Columns == columns ? packed.Memory : null;
    }

    /// <summary>Keeps them so until the memory is given back. Of two threads that have laid them out, the last one's
    /// stays, and the other's is left to the collector.</summary>
    public void KeepPacked(bool isTransposed, PackedMatrix packed) =>
        Volatile.Write(ref isTransposed ? ref _packedTransposed : ref _packed, packed);

    /// <summary>Gives what was kept with the elements to a pool: they are about to change.</summary>
    public void ForgetPacked(Pool pool)
    {
        if (_packed is { } packed)
            pool.Give(packed.Memory);
        if (_packedTransposed is { } transposed)
            pool.Give(transposed.Memory);
        (_packed, _packedTransposed) = (null, null);
    }

    /// <summary>Gives this memory, and what was kept with its elements, to a pool.</summary>
    public void GiveTo(Pool pool)
    {
        ForgetPacked(pool);
        pool.Give(this);
    }
}

/// <summary>A matrix (inner, columns) laid out for products.</summary>
internal sealed record PackedMatrix(Block Memory, int Inner, int Columns);
