using System.Runtime.Loader;

namespace Makemore.Script;

/// <summary>
/// What the runtime had to compile in that run of a script which needed most: it does so again on another core, before the
/// script comes to it (the multicore JIT).
/// </summary>
/// <param name="folder">A folder for the runtime's own file while the script runs.</param>
/// <param name="kept">Where the profile is kept from run to run.</param>
internal sealed class ScriptProfile(string folder, KeptFile kept)
{
    private readonly string _own = Path.GetRandomFileName();

    /// <summary>Begins; what the script refers to should be loaded by now. The new profile is kept when the process
    /// ends.</summary>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public void Start()
    {
        // The runtime trusts its file, and writes it in place.
        if (kept.Read() is { } profile)
            File.WriteAllBytes(OwnPath, profile);
        AssemblyLoadContext.Default.SetProfileOptimizationRoot(folder);
        AssemblyLoadContext.Default.StartProfileOptimization(_own);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => ScriptCache.Try(Stop);
    }

    private string OwnPath => Path.Combine(folder, _own);

    private void Stop()
    {
        AssemblyLoadContext.Default.StartProfileOptimization(null);
        var profile = File.ReadAllBytes(OwnPath);
        File.Delete(OwnPath);
        if (profile.Length > (kept.Read()?.Length ?? 0))
            kept.Write(profile);
    }
}
