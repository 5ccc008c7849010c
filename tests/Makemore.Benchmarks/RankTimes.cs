using System.Diagnostics;
using System.Globalization;

namespace Makemore.Benchmarks;

/// <summary>The time of a sum over ranks, and of training steps in two parts, with one thread per rank: under mpirun, or without it on
/// one process.</summary>
internal static class RankTimes
{
    private const int Floats = 200_000, Sums = 1000, LargeSums = 20, Steps = 8;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static void Print(IEnumerable<GptSize> sizes)
    {
        var ranks = Environment.GetEnvironmentVariables().Keys.Cast<string>().Any(name => name is "OMPI_COMM_WORLD_SIZE" or "PMI_SIZE")
            ? MpiRanks.Open()
            : Ranks.One;
        Say($"{ranks.Count} ranks: {Floats} floats are added up in {1000 * SumTimes(ranks, Floats, Sums).Median():0} µs");
        foreach (var size in sizes)
        {
            var sum = SumTimes(ranks, size.Parameters, LargeSums).Median();
            Say($"{ranks.Count} ranks: {size.Name} takes {StepTimes(size, ranks).Median():0.0} ms per step, {sum:0.0} of them for the sum");
        }

        void Say(FormattableString line)
        {
            if (ranks.Rank == 0)
                System.Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static IEnumerable<double> SumTimes(IRanks ranks, int floats, int times)
    {
        var sums = new float[floats];
        for (var i = 0; i < 2 * times; i++)
        {
            // So that all begin at the same time.
            ranks.All([0]);
            var start = Stopwatch.GetTimestamp();
            PartSums.Add(ranks, sums);
            if (i >= times)
                yield return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    private static double[] StepTimes(GptSize size, IRanks ranks)
    {
        var stepper = Stepper.Of(size, threads: 1, ranks);
        // Rank 0 has the clock.
        for (var start = Stopwatch.GetTimestamp(); ranks.All([(byte)(Stopwatch.GetElapsedTime(start) < WarmUp ? 1 : 0)])[0][0] == 1;)
            stepper.Time(1);
        return stepper.Time(Steps);
    }
}
