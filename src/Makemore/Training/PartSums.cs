using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Makemore;

/// <summary>Sums over the parts of a batch, in one fixed tree: the sum of 2ᵏ parts is that of the first half plus that of the second.
/// So it does not matter which rank has which of them.</summary>
/// <remarks>Each rank adds up a share of the elements of all ranks, and all shares are gathered: as many bytes as in the best
/// all-reduce (Thakur, Rabenseifner, Gropp: "Optimization of collective communication operations in MPICH", 2005), and the order of
/// the additions is not left to a library.</remarks>
internal static class PartSums
{
    /// <summary>Adds consecutive parts; the first one gets the sum.</summary>
    /// <param name="parts">The parts, whose number is a power of two.</param>
    public static void Add(float[][] parts)
    {
        for (var step = 1; step < parts.Length; step *= 2)
            for (var i = 0; i < parts.Length; i += 2 * step)
                Add(parts[i], parts[i + step]);
    }

    /// <summary>Adds the sums of all ranks, whose number is a power of two; each gets the result.</summary>
    public static void Add(IRanks ranks, float[] sums)
    {
        if (ranks.Count == 1)
            return;
        var share = (sums.Length + ranks.Count - 1) / ranks.Count;
        var length = share * ranks.Count;
        float[] rented = ArrayPool<float>.Shared.Rent(length), rentedToo = ArrayPool<float>.Shared.Rent(length);
        Span<float> all = rented.AsSpan(0, length), received = rentedToo.AsSpan(0, length);
        sums.CopyTo(all);
        ranks.Exchange(MemoryMarshal.AsBytes(all), MemoryMarshal.AsBytes(received));
        for (var step = 1; step < ranks.Count; step *= 2)
            for (var i = 0; i < ranks.Count; i += 2 * step)
                Add(received.Slice(i * share, share), received.Slice((i + step) * share, share));
        ranks.Gather(MemoryMarshal.AsBytes(received[..share]), MemoryMarshal.AsBytes(all));
        all[..sums.Length].CopyTo(sums);
        ArrayPool<float>.Shared.Return(rented);
        ArrayPool<float>.Shared.Return(rentedToo);
    }

    private static void Add(Span<float> sum, ReadOnlySpan<float> other)
    {
        var i = 0;
        for (; i <= sum.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(sum[i..]) + new Vector<float>(other[i..])).CopyTo(sum[i..]);
        for (; i < sum.Length; i++)
            sum[i] += other[i];
    }
}
