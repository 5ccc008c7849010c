using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Makemore;

/// <summary>Measures how long a word takes from one thread to another and back: one comes and returns, the other serves.</summary>
/// <remarks>Cores that share a cache take 50 to 100 ns, others several times as long. The two threads of one core take
/// less than 40, and have only one core's strength.</remarks>
internal sealed class Rally
{
    private const int Sets = 3, Exchanges = 8, Over = -1;

    // About a millisecond until the first ball, and 50 microseconds in between.
    private const int FirstSpins = 2_000_000, Spins = 100_000;
    private Ball _ball;
    private int _come;

    /// <summary>Whether one who returns has come.</summary>
    public bool HasCome => Volatile.Read(ref _come) > 0;

    /// <summary>Whether so short a way, in nanoseconds, is one between two cores that share a cache.</summary>
    public static bool IsNearby(double roundTrip) => roundTrip is > 45 and < 150;

    /// <summary>The nanoseconds of an exchange, the least of a few; none where the other has gone away.</summary>
    // Optimized from the first call on: what is compiled in a hurry takes longer than the ball.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double? Serve()
    {
        if (Volatile.Read(ref _ball.Place) == Over)
            return null;
        var least = double.PositiveInfinity;
        for (var set = 0; set < Sets; set++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var ball = set * Exchanges; ball < (set + 1) * Exchanges; ball++)
            {
                Volatile.Write(ref _ball.Place, (2 * ball) + 1);
                if (!Await((2 * ball) + 2, Spins))
                    return null;
            }
            var nanoseconds = (Stopwatch.GetTimestamp() - start) * (1e9 / Stopwatch.Frequency);
            least = Math.Min(least, nanoseconds / Exchanges);
        }
        return least;
    }

    /// <summary>Comes, unless somebody has, and returns until the end or until the other stays away for too long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Return()
    {
        if (Interlocked.Increment(ref _come) > 1)
            return;
        for (var ball = 0; ball < Sets * Exchanges && Await((2 * ball) + 1, ball == 0 ? FirstSpins : Spins); ball++)
            Volatile.Write(ref _ball.Place, (2 * ball) + 2);
    }

    /// <summary>Waits without a pause, which would take longer than the ball; gives up for both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Await(int place, int spins)
    {
        for (var spin = 0; spin < spins; spin++)
        {
            var seen = Volatile.Read(ref _ball.Place);
            if (seen == place)
                return true;
            if (seen == Over)
                return false;
        }
        Volatile.Write(ref _ball.Place, Over);
        return false;
    }

    /// <summary>A place that shares its cache line with nothing.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Ball
    {
        [FieldOffset(128)]
        public int Place;
    }
}
