using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Makemore;

/// <summary>Sums over the parts of a batch, in one fixed tree: the sum of 2ᵏ parts is that of the first half plus that of the second.
/// So it does not matter which rank has which of them.</summary>
/// <remarks>Ranks that are 1, 2, 4, … apart swap halves of what they have, add, and go on with their half; then the halves are swapped
/// back: as many bytes as in the best all-reduce, in 2 log₂ P messages for P ranks (Thakur, Rabenseifner, Gropp: "Optimization of collective
/// communication operations in MPICH", 2005), and the order of the additions is not left to a library.</remarks>
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
    public static void Add(IRanks ranks, Span<float> sums)
    {
        if (ranks.Count == 1)
            return;
        var rented = ArrayPool<float>.Shared.Rent((sums.Length + 1) / 2);
        Add(ranks, 1, sums, rented);
        ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary>Adds the sums of the ranks that differ in no bit below a distance.</summary>
    private static void Add(IRanks ranks, int distance, Span<float> sums, Span<float> scratch)
    {
        if (distance == ranks.Count)
            return;
        var (partner, middle, isFirst) = (ranks.Rank ^ distance, sums.Length / 2, (ranks.Rank & distance) == 0);
        Span<float> own = isFirst ? sums[..middle] : sums[middle..], other = isFirst ? sums[middle..] : sums[..middle];
        var received = scratch[..own.Length];
        Swap(ranks, partner, other, received);
        Add(own, received);
        Add(ranks, 2 * distance, own, scratch);
        Swap(ranks, partner, own, other);
    }

    private static void Swap(IRanks ranks, int partner, Span<float> sent, Span<float> received) =>
        ranks.Swap(partner, MemoryMarshal.AsBytes(sent), MemoryMarshal.AsBytes(received));

    private static void Add(Span<float> sum, ReadOnlySpan<float> other)
    {
        var i = 0;
        for (; i <= sum.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(sum[i..]) + new Vector<float>(other[i..])).CopyTo(sum[i..]);
        for (; i < sum.Length; i++)
            sum[i] += other[i];
    }
}
