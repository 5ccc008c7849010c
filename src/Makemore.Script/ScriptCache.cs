namespace Makemore.Script;

/// <summary>
/// Compiled scripts in the user's cache folder, one file each, and beside it what the runtime compiled of it, for each set of
/// options that it was called with. A script that is found here starts without its compiler.
/// </summary>
/// <param name="folder">The folder; it is made when the first script is kept.</param>
/// <param name="maker">Who compiled: a script kept by another host, or for another runtime, does not count.</param>
internal sealed class ScriptCache(string folder, byte[] maker)
{
    // Some for each script.
    private const int KeptFiles = 256;

    private const string Profile = ".profile";

    /// <summary>The cache of the present user, for this host on this runtime.</summary>
    public static ScriptCache OfUser() => new(
        Path.Combine(UserCacheFolder(), "makemore-script"),
        [.. Made(typeof(ScriptCache)), .. Made(typeof(object))]);

    /// <summary>The compiled script, if it is here, intact, and nothing that it was made from has changed.</summary>
    /// <param name="path">The full path of the script.</param>
    public CompiledScript? Find(string path)
    {
        CompiledScript? found = null;
        Try(() => found = new KeptFile(FileOf(path)).Read() is { } bytes
            && CompiledScriptFile.Decode(bytes, maker) is { } script
            && script.Sources[0].Path == path
            && script.IsCurrent() ? script : null);
        return found;
    }

    /// <summary>Keeps a compiled script; forgets its profiles, because it has changed, and the oldest scripts.</summary>
    /// <param name="script">The script to keep, in place of what was kept for the same path.</param>
    public void Keep(CompiledScript script) => Try(() =>
    {
        Directory.CreateDirectory(folder);
        var file = FileOf(script.Sources[0].Path);
        new KeptFile(file).Write(CompiledScriptFile.Encode(script, maker));
        foreach (var profile in Directory.GetFiles(folder, $"{Path.GetFileName(file)}*{Profile}"))
            File.Delete(profile);
        Prune();
    });

    /// <summary>Has the runtime compile ahead what the script will need, as an earlier run with the same options did: one with
    /// others may have needed what this one does not.</summary>
    /// <param name="script">The script, whose libraries are loaded.</param>
    /// <param name="arguments">What it gets; only the names of its options count.</param>
    /// <returns>To be disposed of when the script has ended.</returns>
    public ScriptProfile Anticipate(CompiledScript script, string[] arguments)
    {
        var profile = new ScriptProfile(new(ProfileOf(script, arguments)), Checksum.Of(script.Assembly));
        Try(profile.Start);
        return profile;
    }

    /// <summary>Works on the cache. One that cannot be read or written is no fault.</summary>
    /// <param name="work">The work.</param>
    public static void Try(Action work)
    {
        try
        {
            work();
        }
        catch (Exception fault) when (
            fault is IOException or UnauthorizedAccessException or BadImageFormatException || IsTooLong(fault))
        {
            return;
        }
    }

    // What the framework makes of a write beyond what a file system or a quota allows.
    private static bool IsTooLong(Exception fault) => fault is ArgumentOutOfRangeException { ParamName: "value" };

    // The script whose newest file is the oldest goes first, and its profiles before itself.
    private void Prune()
    {
        var byScript =
            from file in new DirectoryInfo(folder).GetFiles()
            group file by ScriptOf(file.Name) into files
            orderby files.Max(file => file.LastWriteTimeUtc) descending
            from file in files.OrderBy(file => IsProfile(file.Name)).ThenByDescending(file => file.LastWriteTimeUtc)
            select file;
        foreach (var file in byScript.Skip(KeptFiles))
            file.Delete();
    }

    // What differs between two builds of a library.
    private static byte[] Made(Type type) => type.Module.ModuleVersionId.ToByteArray();

    private string FileOf(string path) =>
        Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(path)}-{Checksum.Of(path):x16}");

    private string ProfileOf(CompiledScript script, string[] arguments)
    {
        // A sum, because the order does not matter.
        var names = 0UL;
        foreach (var option in Array.FindAll(arguments, IsOption))
            names += Checksum.Of(option.Split('=', ':')[0]);
        return $"{FileOf(script.Sources[0].Path)}-{names:x16}{Profile}";

        // A negative number is a value.
        static bool IsOption(string argument) => argument is ['-', '-' or '?' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z'), ..];
    }

    /// <summary>The name of the script's own file, of that or of a profile's.</summary>
    private static string ScriptOf(string name) => IsProfile(name) && name.LastIndexOf('-') is > 0 and var end ? name[..end] : name;

    private static bool IsProfile(string name) => name.EndsWith(Profile, StringComparison.Ordinal);

    private static string UserCacheFolder() =>
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } folder ? folder
        : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
}
