using System.Numerics;

namespace Makemore;

/// <summary>
/// A random permutation of 0 … <paramref name="Count"/> − 1, computed one index at a time. Nothing is shuffled or stored, so it
/// works the same for a thousand words and for a billion.
/// </summary>
/// <remarks>
/// A Feistel network over the smallest even number of bits that holds the count, with cycle walking (Black, Rogaway:
/// "Ciphers with arbitrary finite domains", 2002). Eight rounds with Threefry as the round function.
/// </remarks>
public sealed record Permutation(Key Key, long Count)
{
    private const int Rounds = 8;

    // The number of values that go through the network at once.
    private const int Chunk = 128;

    private readonly Key[] _roundKeys = [.. Enumerable.Range(0, Rounds).Select(round => Key.At(round))];

    /// <summary>The position of <paramref name="index"/> in the permutation; a bijection of 0 … Count − 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not in 0 … Count − 1.</exception>
    public long this[long index] => Walk(index, isInverse: false);

    /// <summary>The index at <paramref name="position"/>: the inverse permutation.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="position"/> is not in 0 … Count − 1.</exception>
    public long IndexOf(long position) => Walk(position, isInverse: true);

    /// <summary>The positions of consecutive indices, faster than one by one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is not in 0 … Count − 1.</exception>
    internal void Positions(long start, Span<long> positions) => Walk(start, positions, isInverse: false);

    /// <summary>The indices at consecutive positions, faster than one by one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A position is not in 0 … Count − 1.</exception>
    internal void IndicesOf(long start, Span<long> indices) => Walk(start, indices, isInverse: true);

    private long Walk(long value, bool isInverse)
    {
        Span<long> one = stackalloc long[1];
        Walk(value, one, isInverse);
        return one[0];
    }

    private void Walk(long start, Span<long> values, bool isInverse)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Count - values.Length);
        for (var i = 0; i < values.Length; i++)
            values[i] = start + i;
        for (var i = 0; i < values.Length; i += Chunk)
            Walk(values.Slice(i, Math.Min(Chunk, values.Length - i)), isInverse);
    }

    /// <summary>Replaces the values of a chunk, each until it is below the count.</summary>
    private void Walk(Span<long> values, bool isInverse)
    {
        Span<int> outside = stackalloc int[Chunk];
        for (var i = 0; i < values.Length; i++)
            outside[i] = i;
        for (var count = values.Length; count > 0;)
        {
            var walking = outside[..count];
            Encrypt(values, walking, isInverse);
            count = 0;
            foreach (var i in walking)
                if ((ulong)values[i] >= (ulong)Count)
                    outside[count++] = i;
        }
    }

    /// <summary>The Feistel network on the values at some places; its inverse applies the rounds in reverse.</summary>
    private void Encrypt(Span<long> values, ReadOnlySpan<int> places, bool isInverse)
    {
        Span<ulong> kept = stackalloc ulong[Chunk], mixed = stackalloc ulong[Chunk], words = stackalloc ulong[Chunk];
        var (halfBits, count) = (HalfBits(Count), places.Length);
        var mask = (1UL << halfBits) - 1;
        for (var n = 0; n < count; n++)
        {
            var (left, right) = ((ulong)values[places[n]] >> halfBits, (ulong)values[places[n]] & mask);
            (kept[n], mixed[n]) = isInverse ? (left, right) : (right, left);
        }
        for (var round = 0; round < Rounds; round++)
        {
            _roundKeys[isInverse ? Rounds - 1 - round : round].Bits(kept[..count], words);
            for (var n = 0; n < count; n++)
                (kept[n], mixed[n]) = (mixed[n] ^ (words[n] & mask), kept[n]);
        }
        for (var n = 0; n < count; n++)
            values[places[n]] = (long)(isInverse ? (kept[n] << halfBits) | mixed[n] : (mixed[n] << halfBits) | kept[n]);
    }

    private static int HalfBits(long count) => Math.Max(1, (64 - BitOperations.LeadingZeroCount((ulong)(count - 1)) + 1) / 2);
}
