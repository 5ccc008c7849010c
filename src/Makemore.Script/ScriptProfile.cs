using System.Runtime.Loader;

namespace Makemore.Script;

/// <summary>
/// What the runtime had to compile in that run of a script which needed most: it does so again on another core, before the
/// script comes to it (the multicore JIT).
/// </summary>
/// <param name="kept">Where the profile is kept from run to run.</param>
internal sealed class ScriptProfile(KeptFile kept)
{
    // The runtime trusts its file, and writes it in place, so it has one of its own while the script runs.
    private readonly string _name = $"makemore-{Path.GetRandomFileName()}";

    /// <summary>Begins; what the script refers to should be loaded by now. The new profile is kept when the process
    /// ends.</summary>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public void Start()
    {
        if (kept.Read() is { } profile)
            File.WriteAllBytes(OwnPath, profile);
        AssemblyLoadContext.Default.SetProfileOptimizationRoot(Path.GetTempPath());
        AssemblyLoadContext.Default.StartProfileOptimization(_name);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => ScriptCache.Try(Stop);
    }

    private string OwnPath => Path.Combine(Path.GetTempPath(), _name);

    private void Stop()
    {
        AssemblyLoadContext.Default.StartProfileOptimization(null);
        var profile = File.ReadAllBytes(OwnPath);
        File.Delete(OwnPath);
        if (profile.Length > (kept.Read()?.Length ?? 0))
            kept.Write(profile);
    }
}
