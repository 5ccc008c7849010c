using System.Runtime;
using System.Runtime.Loader;

namespace Makemore.Script;

/// <summary>
/// What the runtime compiled in an earlier run of a script: it does so again on another core, before the script comes to it
/// (the multicore JIT). A later run counts instead if it compiled a tenth more.
/// </summary>
/// <param name="kept">Where the profile is kept from run to run, behind the script's checksum and the number of methods
/// that were compiled.</param>
/// <param name="script">The checksum of the compiled script: another one's profile does not count.</param>
internal sealed class ScriptProfile(KeptFile kept, ulong script) : IDisposable
{
    // Two runs alike differ by a few: what runs often is compiled again, better, sooner or later.
    private const double WorthKeeping = 1.1;

    private const string Name = "profile";
    private const int HeaderLength = sizeof(ulong) + sizeof(long);
    private byte[]? _known;
    private string? _folder;

    /// <summary>Begins; what the script refers to should be loaded by now.</summary>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public void Start()
    {
        if (Environment.ProcessorCount == 1)
            return;
        _known = kept.Read() is { Length: >= HeaderLength } read && BitConverter.ToUInt64(read) == script ? read : null;
        // The runtime trusts its file, and writes it in place, so it has one of its own while the script runs.
        _folder = Directory.CreateTempSubdirectory("makemore-").FullName;
        // A script may end the process.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
        var own = Path.Combine(_folder, Name);
        if (_known is not null)
            File.WriteAllBytes(own, _known[HeaderLength..]);
        AssemblyLoadContext.Default.SetProfileOptimizationRoot(_folder);
        AssemblyLoadContext.Default.StartProfileOptimization(Name);
        // It has been read. What is left by a process that is killed is an empty folder.
        File.Delete(own);
    }

    /// <summary>Ends, the first time, and keeps a profile of more. When the process ends by itself the runtime has written its
    /// own by then, a few bytes at a time, which takes longer than all else here: so this is to be called before.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _folder, null) is { } folder)
            ScriptCache.Try(() => Stop(folder));
    }

    private void Stop(string folder)
    {
        try
        {
            var count = JitInfo.GetCompiledMethodCount();
            if (_known is null || count > WorthKeeping * BitConverter.ToInt64(_known, sizeof(ulong)))
                Keep(Path.Combine(folder, Name), count);
        }
        finally
        {
            // Without its folder the runtime writes nothing.
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Keep(string own, long count)
    {
        AssemblyLoadContext.Default.StartProfileOptimization(null);
        kept.Write([.. BitConverter.GetBytes(script), .. BitConverter.GetBytes(count), .. File.ReadAllBytes(own)]);
    }
}
