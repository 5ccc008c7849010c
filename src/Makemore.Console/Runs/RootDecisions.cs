using System.Runtime.InteropServices;

namespace Makemore;

/// <summary>What rank 0 finds out and decides for all ranks.</summary>
internal static class RootDecisions
{
    private static readonly StopReason?[] Reasons =
        [null, new StopReason.MaxSteps(), new StopReason.Interrupted(), new StopReason.OutOfPatience(), new StopReason.MaxTime()];

    /// <summary>An evaluation, which rank 0 makes.</summary>
    public static Evaluation OfRoot(this IRanks ranks, Func<Evaluation> evaluate)
    {
        if (ranks.Count == 1)
            return evaluate();
        double[] numbers = ranks.Rank == 0 && evaluate() is var own ? [own.Step, own.Train, own.Held, own.StandardError] : new double[4];
        var root = MemoryMarshal.Cast<byte, double>(ranks.All(MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray())[0]);
        return new((long)root[0], root[1], root[2], root[3]);
    }

    /// <summary>Rank 0's reason to stop.</summary>
    public static StopReason? OfRoot(this IRanks ranks, StopReason? reason) =>
        ranks.Count == 1 ? reason : Reasons[ranks.All([(byte)Array.IndexOf(Reasons, reason)])[0][0]];
}
