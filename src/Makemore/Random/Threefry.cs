using System.Numerics;
using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>
/// Threefry-2x64 with 20 rounds: a counter-based random number generator, derived from a block cipher. A 128-bit key and a
/// 128-bit counter give 128 random bits, with no state between calls.
/// </summary>
/// <remarks>
/// Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section 4.2. Tested against the
/// vectors published with Random123.
/// </remarks>
internal static class Threefry
{
    private const ulong Parity = 0x1BD11BDAA9FC1A22;

    /// <summary>The 128 random bits of a key at a counter.</summary>
    public static (ulong, ulong) Block((ulong, ulong) key, (ulong, ulong) counter)
    {
        var (k0, k1, k2) = (key.Item1, key.Item2, Parity ^ key.Item1 ^ key.Item2);
        var (x, y) = (counter.Item1 + k0, counter.Item2 + k1);
        for (var injection = 1UL; injection <= 5; injection++)
        {
            (x, y) = (injection & 1) == 1 ? Four(x, y, 16, 42, 12, 31) : Four(x, y, 16, 32, 24, 21);
            (k0, k1, k2) = (k1, k2, k0);
            (x, y) = (x + k0, y + k1 + injection);
        }
        return (x, y);
    }

    /// <summary><see cref="Block"/> at many counters with the same second half. Counters are processed a vector at a time,
    /// because the rounds of one counter depend on each other.</summary>
    /// <param name="key">The key.</param>
    /// <param name="counters">The first halves of the counters.</param>
    /// <param name="purpose">The second half of all counters.</param>
    /// <param name="first">Receives the first 64 bits of each block.</param>
    /// <param name="second">Receives the last 64 bits of each block; empty if they are not needed.</param>
    public static void Blocks(
        (ulong, ulong) key, ReadOnlySpan<ulong> counters, ulong purpose, Span<ulong> first, Span<ulong> second)
    {
        var (purposes, i) = (new Vector<ulong>(purpose), 0);
        for (; i <= counters.Length - Vector<ulong>.Count; i += Vector<ulong>.Count)
        {
            var (x, y) = Blocks(key, new(counters[i..]), purposes);
            x.CopyTo(first[i..]);
            if (!second.IsEmpty)
                y.CopyTo(second[i..]);
        }
        for (; i < counters.Length; i++)
        {
            var (x, y) = Block(key, (counters[i], purpose));
            first[i] = x;
            if (!second.IsEmpty)
                second[i] = y;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector<ulong>, Vector<ulong>) Blocks((ulong, ulong) key, Vector<ulong> x, Vector<ulong> y)
    {
        var (k0, k1, k2) = (key.Item1, key.Item2, Parity ^ key.Item1 ^ key.Item2);
        (x, y) = (x + new Vector<ulong>(k0), y + new Vector<ulong>(k1));
        for (var injection = 1UL; injection <= 5; injection++)
        {
            (x, y) = (injection & 1) == 1 ? Four(x, y, 16, 42, 12, 31) : Four(x, y, 16, 32, 24, 21);
            (k0, k1, k2) = (k1, k2, k0);
            (x, y) = (x + new Vector<ulong>(k0), y + new Vector<ulong>(k1 + injection));
        }
        return (x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector<ulong> X, Vector<ulong> Y) Four(
        Vector<ulong> x, Vector<ulong> y, int first, int second, int third, int fourth)
    {
        x += y;
        y = RotateLeft(y, first) ^ x;
        x += y;
        y = RotateLeft(y, second) ^ x;
        x += y;
        y = RotateLeft(y, third) ^ x;
        x += y;
        y = RotateLeft(y, fourth) ^ x;
        return (x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<ulong> RotateLeft(Vector<ulong> words, int bits) => (words << bits) | (words >>> (64 - bits));

    /// <summary>Four rounds, each an addition, a rotation and an exclusive or.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (ulong X, ulong Y) Four(ulong x, ulong y, int first, int second, int third, int fourth)
    {
        x += y;
        y = BitOperations.RotateLeft(y, first) ^ x;
        x += y;
        y = BitOperations.RotateLeft(y, second) ^ x;
        x += y;
        y = BitOperations.RotateLeft(y, third) ^ x;
        x += y;
        y = BitOperations.RotateLeft(y, fourth) ^ x;
        return (x, y);
    }
}
