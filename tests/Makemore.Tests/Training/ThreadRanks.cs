namespace Makemore.Tests;

/// <summary>Ranks that are threads of this process.</summary>
internal sealed class ThreadRanks(int rank, byte[][] sent, Barrier barrier) : IRanks
{
    public int Rank => rank;

    public int Count => sent.Length;

    /// <summary>The results of some work that a number of ranks do together.</summary>
    public static T[] Run<T>(int count, Func<IRanks, T> work)
    {
        var (sent, results) = (new byte[count][], new T[count]);
        using var barrier = new Barrier(count);
        var threads = Enumerable.Range(0, count)
            .Select(rank => new Thread(() => results[rank] = work(new ThreadRanks(rank, sent, barrier)))).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        return results;
    }

    public void Swap(int partner, ReadOnlySpan<byte> sent, Span<byte> received)
    {
        Share(sent)[partner].CopyTo(received);
        barrier.SignalAndWait();
    }

    public void Gather(ReadOnlySpan<byte> own, Span<byte> all)
    {
        var gathered = Share(own);
        for (var i = 0; i < Count; i++)
            gathered[i].CopyTo(all[(i * own.Length)..]);
        barrier.SignalAndWait();
    }

    public void Abort(int exitCode) => throw new InvalidOperationException($"Rank {rank} aborted.");

    private byte[][] Share(ReadOnlySpan<byte> own)
    {
        sent[rank] = own.ToArray();
        barrier.SignalAndWait();
        return sent;
    }
}
