using System.Runtime;
using System.Runtime.Loader;

namespace Makemore.Script;

/// <summary>
/// What the runtime had to compile in that run of a script which needed most: it does so again on another core, before the
/// script comes to it (the multicore JIT).
/// </summary>
/// <param name="kept">Where the profile is kept from run to run, behind the number of methods that were compiled.</param>
internal sealed class ScriptProfile(KeptFile kept)
{
    private const string Name = "profile";

    /// <summary>Begins; what the script refers to should be loaded by now. A profile of more is kept when the process
    /// ends.</summary>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public void Start()
    {
        // The runtime trusts its file, and writes it in place, so it has one of its own while the script runs.
        var folder = Directory.CreateTempSubdirectory("makemore-").FullName;
        var known = kept.Read();
        if (known is not null)
            File.WriteAllBytes(Path.Combine(folder, Name), known[sizeof(long)..]);
        AssemblyLoadContext.Default.SetProfileOptimizationRoot(folder);
        AssemblyLoadContext.Default.StartProfileOptimization(Name);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => ScriptCache.Try(() => Stop(folder, known));
    }

    private void Stop(string folder, byte[]? known)
    {
        var count = JitInfo.GetCompiledMethodCount();
        if (known is null || count > BitConverter.ToInt64(known))
        {
            AssemblyLoadContext.Default.StartProfileOptimization(null);
            kept.Write([.. BitConverter.GetBytes(count), .. File.ReadAllBytes(Path.Combine(folder, Name))]);
        }
        // Without its folder the runtime writes nothing, which would take longer than all else here.
        Directory.Delete(folder, recursive: true);
    }
}
