using System.Globalization;
using Makemore.Tests.Script;

namespace Makemore.Tests.Scripts;

/// <summary>Runs scripts on several processes of one thread each, under the mpirun of an MPI: openmpi or mpich.</summary>
internal static class Mpirun
{
    // Open MPI asks twice before it starts anything for the superuser.
    private static readonly (string, string)[] Environment = [("OMPI_ALLOW_RUN_AS_ROOT", "1"), ("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")];

    /// <summary>Runs a script to its end.</summary>
    /// <param name="mpi">The MPI.</param>
    /// <param name="ranks">The number of processes.</param>
    /// <param name="words">The script and its arguments.</param>
    public static Script.Outcome Run(string mpi, int ranks, string[] words) =>
        HostProcess.Run($"mpirun.{mpi}", ScriptProcess.Folder, ScriptProcess.At("cache"), Arguments(mpi, ranks, words), Environment);

    /// <summary>Runs a script to its end under Open MPI, one process on each of two hosts.</summary>
    public static Script.Outcome Run(TwoHosts hosts, string[] words) => HostProcess.Run(
        TwoHosts.Program, ScriptProcess.Folder, ScriptProcess.At("cache"),
        [.. TwoHosts.OnFirst, "mpirun.openmpi", "-n", "2", .. hosts.Placement, .. Command(words)], Environment);

    /// <summary>Kills a rank, as by kill −9, after the first has printed a certain line.</summary>
    public static Script.Outcome Kill(string mpi, int ranks, int killed, string[] words, Func<string, bool> isLine) => HostProcess.Signal(
        $"mpirun.{mpi}", ScriptProcess.Folder, ScriptProcess.At("cache"), Arguments(mpi, ranks, words), isLine,
        _ => ProcessOf(killed, words), "KILL", Environment);

    private static string[] Arguments(string mpi, int ranks, string[] words) =>
        ["-n", $"{ranks}", .. mpi == "openmpi" ? ["--oversubscribe"] : Array.Empty<string>(), .. Command(words)];

    private static string[] Command(string[] words) => ["dotnet", HostProcess.Path, .. words, "--distributed", "--threads", "1"];

    /// <summary>The id of the process of a rank, by what Linux tells of all processes.</summary>
    private static int ProcessOf(int rank, string[] words)
    {
        var (command, variables) = (string.Join('\0', words), new[] { $"OMPI_COMM_WORLD_RANK={rank}", $"PMI_RANK={rank}" });
        return Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _))
            .Where(id => Read(id!, "cmdline").Contains(command, StringComparison.Ordinal)
                && Read(id!, "environ").Split('\0').Intersect(variables).Any())
            .Select(id => int.Parse(id!, CultureInfo.InvariantCulture)).Single();
    }

    private static string Read(string id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // It has ended, or is another user's.
        }
    }
}
