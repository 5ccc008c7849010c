using System.Runtime;
using System.Runtime.Loader;

namespace Makemore.Script;

/// <summary>
/// What the runtime compiled in an earlier run of a script: it does so again on another core, before the script comes to it
/// (the multicore JIT). Of several runs, the one that compiled most counts.
/// </summary>
/// <param name="kept">Where the profile is kept from run to run, behind the script's checksum and the number of methods
/// that were compiled.</param>
/// <param name="script">The checksum of the compiled script: another one's profile does not count.</param>
internal sealed class ScriptProfile(KeptFile kept, ulong script)
{
    private const string Name = "profile";
    private const int HeaderLength = sizeof(ulong) + sizeof(long);

    /// <summary>Begins; what the script refers to should be loaded by now. A profile of more is kept when the process
    /// ends.</summary>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public void Start()
    {
        if (Environment.ProcessorCount == 1)
            return;
        var known = kept.Read() is { Length: >= HeaderLength } read && BitConverter.ToUInt64(read) == script ? read : null;
        // The runtime trusts its file, and writes it in place, so it has one of its own while the script runs.
        var folder = Directory.CreateTempSubdirectory("makemore-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => ScriptCache.Try(() => Stop(folder, known));
        var own = Path.Combine(folder, Name);
        if (known is not null)
            File.WriteAllBytes(own, known[HeaderLength..]);
        AssemblyLoadContext.Default.SetProfileOptimizationRoot(folder);
        AssemblyLoadContext.Default.StartProfileOptimization(Name);
        // It has been read. What is left by a process that is killed is an empty folder.
        File.Delete(own);
    }

    private void Stop(string folder, byte[]? known)
    {
        try
        {
            var count = JitInfo.GetCompiledMethodCount();
            if (known is null || count > BitConverter.ToInt64(known, sizeof(ulong)))
                Keep(Path.Combine(folder, Name), count);
        }
        finally
        {
            // Without its folder the runtime writes nothing, which would take longer than all else here.
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Keep(string own, long count)
    {
        AssemblyLoadContext.Default.StartProfileOptimization(null);
        kept.Write([.. BitConverter.GetBytes(script), .. BitConverter.GetBytes(count), .. File.ReadAllBytes(own)]);
    }
}
