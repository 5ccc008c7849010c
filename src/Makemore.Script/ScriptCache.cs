namespace Makemore.Script;

/// <summary>
/// Compiled scripts in the user's cache folder, one file each. A script that is found here starts without its compiler.
/// </summary>
/// <param name="folder">The folder; it is made when the first script is kept.</param>
/// <param name="maker">Who compiled: a script kept by another host, or for another runtime, does not count.</param>
internal sealed class ScriptCache(string folder, string maker)
{
    private const int KeptScripts = 64;

    /// <summary>The cache of the present user, for this host on this runtime.</summary>
    public static ScriptCache OfUser() => new(
        Path.Combine(UserCacheFolder(), "makemore-script"),
        $"{typeof(ScriptCache).Module.ModuleVersionId} {Environment.Version}");

    /// <summary>The compiled script, if it is here, intact, and nothing that it was made from has changed.</summary>
    /// <param name="path">The full path of the script.</param>
    public CompiledScript? Find(string path)
    {
        try
        {
            var file = FileOf(path);
            return File.Exists(file)
                && CompiledScriptFile.Decode(File.ReadAllBytes(file), maker) is { } script
                && script.Sources[0].Path == path
                && script.IsCurrent() ? script : null;
        }
        catch (Exception fault) when (IsNoReasonToStop(fault))
        {
            return null;
        }
    }

    /// <summary>Keeps a compiled script and forgets the oldest. A cache that cannot be written is no fault.</summary>
    /// <param name="script">The script to keep, in place of what was kept for the same path.</param>
    public void Keep(CompiledScript script)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var file = FileOf(script.Sources[0].Path);
            var beside = $"{file}.{Path.GetRandomFileName()}";
            File.WriteAllBytes(beside, CompiledScriptFile.Encode(script, maker));
            File.Move(beside, file, overwrite: true);
            Prune();
        }
        catch (Exception fault) when (IsNoReasonToStop(fault))
        {
            return;
        }
    }

    private void Prune()
    {
        var newestFirst = new DirectoryInfo(folder).GetFiles().OrderByDescending(file => file.LastWriteTimeUtc);
        foreach (var file in newestFirst.Skip(KeptScripts))
            file.Delete();
    }

    private string FileOf(string path) =>
        Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(path)}-{Checksum.Of(path):x16}");

    private static string UserCacheFolder() =>
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } folder ? folder
        : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");

    private static bool IsNoReasonToStop(Exception fault) =>
        fault is IOException or UnauthorizedAccessException or BadImageFormatException;
}
