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
