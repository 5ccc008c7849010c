namespace Makemore;

/// <summary>
/// A random order of 0 … <paramref name="Count"/> − 1, computed one index at a time: nothing is shuffled and nothing
/// is stored, so it serves a thousand words and a billion alike.
/// </summary>
/// <remarks>
/// A Feistel network over the smallest even number of bits that holds the count, with cycle walking (Black, Rogaway:
/// "Ciphers with arbitrary finite domains", 2002). Eight rounds with Threefry as the round function.
/// </remarks>
public sealed record Permutation(Key Key, long Count)
{
    private const int Rounds = 8;

    // How many values are walked at once.
    private const int Chunk = 128;

    // A key a round.
    private readonly Key[] _keys = [.. Enumerable.Range(0, Rounds).Select(round => Key.At(round))];

    /// <summary>The place of <paramref name="index"/> in the order; a bijection of 0 … Count − 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not in 0 … Count − 1.</exception>
    public long this[long index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            var place = index;
            do
                place = Scramble(place);
            while ((ulong)place >= (ulong)Count);
            return place;
        }
    }

    /// <summary>The index whose place in the order is <paramref name="place"/>: the other way round.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="place"/> is not in 0 … Count − 1.</exception>
    public long IndexOf(long place)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(place);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(place, Count);
        var index = place;
        do
            index = Unscramble(index);
        while ((ulong)index >= (ulong)Count);
        return index;
    }

    /// <summary>The places of indices that follow each other, from one on: what the indexer gives for each, sooner.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is not in 0 … Count − 1.</exception>
    internal void Places(long from, Span<long> places) => Walk(from, places, isBack: false);

    /// <summary>The indices of places that follow each other, from one on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A place is not in 0 … Count − 1.</exception>
    internal void IndicesOf(long from, Span<long> indices) => Walk(from, indices, isBack: true);

    private void Walk(long from, Span<long> values, bool isBack)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, Count - values.Length);
        for (var i = 0; i < values.Length; i++)
            values[i] = from + i;
        for (var i = 0; i < values.Length; i += Chunk)
            Walk(values.Slice(i, Math.Min(Chunk, values.Length - i)), isBack);
    }

    private void Walk(Span<long> values, bool isBack)
    {
        Span<int> outside = stackalloc int[Chunk];
        for (var i = 0; i < values.Length; i++)
            outside[i] = i;
        for (var count = values.Length; count > 0;)
        {
            var walking = outside[..count];
            Scramble(values, walking, isBack);
            count = 0;
            foreach (var i in walking)
                if ((ulong)values[i] >= (ulong)Count)
                    outside[count++] = i;
        }
    }

    /// <summary>A step of those values that are named.</summary>
    private void Scramble(Span<long> values, ReadOnlySpan<int> named, bool isBack)
    {
        Span<ulong> kept = stackalloc ulong[Chunk], mixed = stackalloc ulong[Chunk], words = stackalloc ulong[Chunk];
        var (half, count) = (HalfBits(Count), named.Length);
        var mask = (1UL << half) - 1;
        for (var n = 0; n < count; n++)
        {
            var (left, right) = ((ulong)values[named[n]] >> half, (ulong)values[named[n]] & mask);
            (kept[n], mixed[n]) = isBack ? (left, right) : (right, left);
        }
        for (var round = 0; round < Rounds; round++)
        {
            _keys[isBack ? Rounds - 1 - round : round].Bits(kept[..count], words);
            for (var n = 0; n < count; n++)
                (kept[n], mixed[n]) = (mixed[n] ^ (words[n] & mask), kept[n]);
        }
        for (var n = 0; n < count; n++)
            values[named[n]] = (long)(isBack ? (kept[n] << half) | mixed[n] : (mixed[n] << half) | kept[n]);
    }

    private long Unscramble(long value)
    {
        var half = HalfBits(Count);
        var mask = (1UL << half) - 1;
        var (left, right) = ((ulong)value >> half, (ulong)value & mask);
        for (var round = Rounds - 1; round >= 0; round--)
            (left, right) = (right ^ (_keys[round].Bits((long)left).Item1 & mask), left);
        return (long)((left << half) | right);
    }

    private long Scramble(long value)
    {
        var half = HalfBits(Count);
        var mask = (1UL << half) - 1;
        var (left, right) = ((ulong)value >> half, (ulong)value & mask);
        foreach (var key in _keys)
            (left, right) = (right, left ^ (key.Bits((long)right).Item1 & mask));
        return (long)((left << half) | right);
    }

    private static int HalfBits(long count) =>
        Math.Max(1, (64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)(count - 1)) + 1) / 2);
}
