namespace Makemore;

/// <summary>The processes that train one model together: ranks 0 to Count − 1. Every rank calls the same operations in the same
/// order.</summary>
public interface IRanks
{
    /// <summary>The number of this process.</summary>
    int Rank { get; }

    /// <summary>The number of processes.</summary>
    int Count { get; }

    /// <summary>Sends data to another rank, and receives data from it.</summary>
    /// <param name="partner">The other rank, which calls this at the same time with this one.</param>
    /// <param name="sent">The data to send.</param>
    /// <param name="received">As long as what the partner sends.</param>
    void Swap(int partner, ReadOnlySpan<byte> sent, Span<byte> received);

    /// <summary>Gives the data of every rank, in order, to all of them.</summary>
    /// <param name="own">This rank's data, of the same length on each rank.</param>
    /// <param name="all">That length times the number of ranks.</param>
    void Gather(ReadOnlySpan<byte> own, Span<byte> all);

    /// <summary>Ends all processes at once, because this one cannot go on.</summary>
    /// <param name="exitCode">The exit code.</param>
    void Abort(int exitCode);
}

/// <summary>What ranks do together.</summary>
public static class Ranks
{
    /// <summary>This process alone.</summary>
    public static IRanks One { get; } = new Single();

    /// <summary>The data of every rank, in order.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="own">This rank's data, of the same length on each rank.</param>
    public static byte[][] All(this IRanks ranks, byte[] own)
    {
        var all = new byte[own.Length * ranks.Count];
        ranks.Gather(own, all);
        return [.. all.Chunk(own.Length)];
    }

    private sealed class Single : IRanks
    {
        public int Rank => 0;

        public int Count => 1;

        public void Swap(int partner, ReadOnlySpan<byte> sent, Span<byte> received) =>
            throw new InvalidOperationException("Swap: there is no other process.");

        public void Gather(ReadOnlySpan<byte> own, Span<byte> all) => own.CopyTo(all);

        public void Abort(int exitCode) => throw new InvalidOperationException("Abort: there is no other process to end.");
    }
}
