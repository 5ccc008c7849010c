using System.Runtime.InteropServices;

namespace Makemore;

/// <summary>The functions of an MPI library, and its handles: pointers in Open MPI, integers in MPICH.</summary>
/// <remarks>MPI Forum: "MPI: A message-passing interface standard", version 3.1, 2015. The integers are those of mpi.h in MPICH and in
/// all libraries of its ABI.</remarks>
internal sealed unsafe class MpiLibrary
{
    private const int FromTheMainThreadOnly = 1;

    private readonly nint _library;

    private MpiLibrary(nint library, bool isOpenMpi)
    {
        _library = library;
        (World, Bytes) = isOpenMpi
            ? (Symbol("ompi_mpi_comm_world"), Symbol("ompi_mpi_byte"))
            : (0x44000000, 0x4c00010d);
        Swap = (delegate* unmanaged<void*, int, nint, int, int, void*, int, nint, int, int, nint, void*, int>)Symbol("MPI_Sendrecv");
        Gather = (delegate* unmanaged<void*, int, nint, void*, int, nint, nint, int>)Symbol("MPI_Allgather");
        Abort = (delegate* unmanaged<nint, int, int>)Symbol("MPI_Abort");
        Finish = (delegate* unmanaged<int>)Symbol("MPI_Finalize");
    }

    /// <summary>The communicator of all ranks, and the type of bytes.</summary>
    public nint World { get; }

    /// <summary>The data type of bytes.</summary>
    public nint Bytes { get; }

    /// <summary>MPI_Sendrecv.</summary>
    public delegate* unmanaged<void*, int, nint, int, int, void*, int, nint, int, int, nint, void*, int> Swap { get; }

    /// <summary>MPI_Allgather.</summary>
    public delegate* unmanaged<void*, int, nint, void*, int, nint, nint, int> Gather { get; }

    /// <summary>MPI_Abort.</summary>
    public delegate* unmanaged<nint, int, int> Abort { get; }

    /// <summary>MPI_Finalize.</summary>
    public delegate* unmanaged<int> Finish { get; }

    /// <summary>Loads the library of the mpirun that started this process, and begins.</summary>
    /// <exception cref="EngineException">None did, it is another MPI, or its library cannot be loaded.</exception>
    public static MpiLibrary Open()
    {
        var isOpenMpi = IsSet("OMPI_COMM_WORLD_SIZE");
        if (!isOpenMpi && !IsSet("PMI_SIZE"))
            throw new EngineException(IsSet("PMIX_RANK") || IsSet("SLURM_PROCID")
                ? "what started this process is neither Open MPI's mpirun nor MPICH's"
                : "no mpirun started this process; start it with mpirun -n 4 dotnet script …");
        string[] names = isOpenMpi ? ["libmpi.so.40", "libmpi.40.dylib", "libmpi.so"] : ["libmpich.so.12", "libmpi.so.12", "libmpi.12.dylib"];
        var library = names.Select(name => NativeLibrary.TryLoad(name, out var handle) ? handle : 0).FirstOrDefault(handle => handle != 0);
        if (library == 0)
            throw new EngineException($"{names[0]}, the library of the mpirun that started this process, cannot be loaded");
        var mpi = new MpiLibrary(library, isOpenMpi);
        int provided;
        ((delegate* unmanaged<void*, void*, int, int*, int>)mpi.Symbol("MPI_Init_thread"))(null, null, FromTheMainThreadOnly, &provided);
        return mpi;
    }

    /// <summary>A number of the world: the rank, or the size.</summary>
    public int OfWorld(string function)
    {
        int number;
        ((delegate* unmanaged<nint, int*, int>)Symbol(function))(World, &number);
        return number;
    }

    private nint Symbol(string name) => NativeLibrary.TryGetExport(_library, name, out var address)
        ? address
        : throw new EngineException($"the MPI library has no {name}, so it is neither Open MPI nor MPICH");

    private static bool IsSet(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 };
}
