namespace Makemore;

/// <summary>The processes that mpirun started.</summary>
public sealed unsafe class MpiRanks : IRanks
{
    // More than the status of a message takes in either library.
    private const int StatusSize = 64;

    private static readonly TimeSpan ForwardingTime = TimeSpan.FromMilliseconds(500);

    private readonly MpiLibrary _mpi;

    private MpiRanks(MpiLibrary mpi) =>
        (_mpi, Rank, Count) = (mpi, mpi.OfWorld("MPI_Comm_rank"), mpi.OfWorld("MPI_Comm_size"));

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Count { get; }

    /// <summary>The processes of this program. They end together, when all have ended.</summary>
    /// <exception cref="EngineException">No mpirun started this process, or its library cannot be used.</exception>
    public static IRanks Open()
    {
        var mpi = MpiLibrary.Open();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => mpi.Finish();
        return new MpiRanks(mpi);
    }

    /// <inheritdoc/>
    public void Swap(int partner, ReadOnlySpan<byte> sent, Span<byte> received)
    {
        var status = stackalloc byte[StatusSize];
        fixed (byte* from = sent, to = received)
            _ = _mpi.Swap(from, sent.Length, _mpi.Bytes, partner, 0, to, received.Length, _mpi.Bytes, partner, 0, _mpi.World, status);
    }

    /// <inheritdoc/>
    public void Gather(ReadOnlySpan<byte> own, Span<byte> all)
    {
        fixed (byte* from = own, to = all)
            _ = _mpi.Gather(from, own.Length, _mpi.Bytes, to, own.Length, _mpi.Bytes, _mpi.World);
    }

    /// <inheritdoc/>
    public void Abort(int exitCode)
    {
        // mpirun forwards what a rank has printed, but not while it ends all of them.
        Thread.Sleep(ForwardingTime);
        _ = _mpi.Abort(_mpi.World, exitCode);
    }
}
