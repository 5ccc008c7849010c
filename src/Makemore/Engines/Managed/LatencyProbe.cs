using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Makemore;

/// <summary>Measures the latency of a message from one thread to another and back: a worker joins and answers, the caller
/// pings.</summary>
/// <remarks>Cores that share a cache take 50 to 100 ns, others several times as long. The two threads of one core take less than
/// 40 ns, but share the core's execution units.</remarks>
internal sealed class LatencyProbe
{
    private const int Rounds = 3, PingsPerRound = 8, Closed = -1;

    // About a millisecond until the first ping, and 50 microseconds between pings.
    private const int FirstSpins = 2_000_000, Spins = 100_000;
    private Message _message;
    private int _joined;

    /// <summary>Whether a worker has joined.</summary>
    public bool HasJoined => Volatile.Read(ref _joined) > 0;

    /// <summary>Whether a round trip of this many nanoseconds is typical of two cores that share a cache.</summary>
    public static bool IsNear(double roundTrip) => roundTrip is > 45 and < 150;

    /// <summary>The nanoseconds of a round trip, the minimum over the rounds; null if the worker does not answer.</summary>
    // Optimized from the first call on: code compiled at tier 0 takes longer than the message.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double? Ping()
    {
        if (Volatile.Read(ref _message.Number) == Closed)
            return null;
        var minimum = double.PositiveInfinity;
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var ping = round * PingsPerRound; ping < (round + 1) * PingsPerRound; ping++)
            {
                Volatile.Write(ref _message.Number, (2 * ping) + 1);
                if (!Await((2 * ping) + 2, Spins))
                    return null;
            }
            var nanoseconds = (Stopwatch.GetTimestamp() - start) * (1e9 / Stopwatch.Frequency);
            minimum = Math.Min(minimum, nanoseconds / PingsPerRound);
        }
        return minimum;
    }

    /// <summary>Joins, unless another worker has, and answers all pings, or until one takes too long to arrive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pong()
    {
        if (Interlocked.Increment(ref _joined) > 1)
            return;
        for (var ping = 0; ping < Rounds * PingsPerRound && Await((2 * ping) + 1, ping == 0 ? FirstSpins : Spins); ping++)
            Volatile.Write(ref _message.Number, (2 * ping) + 2);
    }

    /// <summary>Waits without pausing, because a pause takes longer than the message. On a timeout closes the probe for both
    /// sides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Await(int number, int spins)
    {
        for (var spin = 0; spin < spins; spin++)
        {
            var seen = Volatile.Read(ref _message.Number);
            if (seen == number)
                return true;
            if (seen == Closed)
                return false;
        }
        Volatile.Write(ref _message.Number, Closed);
        return false;
    }

    /// <summary>A number alone on its cache line.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Message
    {
        [FieldOffset(128)]
        public int Number;
    }
}
