namespace Makemore.Script;

/// <summary>
/// Compiled scripts in the user's cache folder, one file each. A script that is found here starts without the compiler.
/// </summary>
/// <remarks>What is here is run, so others may neither write to it nor read it: what is not private is not used.</remarks>
/// <param name="folder">The folder; it is created when the first script is kept.</param>
/// <param name="maker">Identifies the host and the runtime: a script that another host compiled is not used.</param>
internal sealed class ScriptCache(string folder, byte[] maker)
{
    private const int MaxScripts = 256;

    /// <summary>The cache of the current user, for this host on this runtime.</summary>
    public static ScriptCache OfUser() => new(
        Path.Combine(UserCacheFolder(), "makemore-script"),
        [.. VersionOf(typeof(ScriptCache)), .. VersionOf(typeof(object))]);

    /// <summary>The compiled script, if it is here, undamaged, and none of the files that it was compiled from has
    /// changed.</summary>
    /// <param name="path">The full path of the script.</param>
    public CompiledScript? Find(string path)
    {
        var file = FileOf(path);
        CompiledScript? found = null;
        Try(() => found = UnixFile.IsPrivate(folder) && File.Exists(file) && UnixFile.IsPrivate(file)
            && Checksum.Open(File.ReadAllBytes(file)) is { } bytes
            && Decode(bytes) is { } script
            && script.Sources[0].Path == path
            && script.IsCurrent() ? script : null);
        return found;
    }

    /// <summary>Keeps a compiled script in place of an earlier version, and deletes the oldest scripts if there are too
    /// many.</summary>
    /// <param name="script">The script to keep.</param>
    /// <returns>Null, or why it could not be kept.</returns>
    public string? Keep(CompiledScript script) => Try(() =>
    {
        MakePrivate();
        var file = FileOf(script.Sources[0].Path);
        // Other processes may read and write the same file, so it is replaced in a single step.
        var complete = $"{file}.{Path.GetRandomFileName()}";
        Write(complete, Checksum.Seal(Encode(script)));
        File.Move(complete, file, overwrite: true);
        var files = new DirectoryInfo(folder).GetFiles();
        foreach (var old in files.OrderByDescending(file => file.LastWriteTimeUtc).Skip(MaxScripts))
            old.Delete();
    });

    private void MakePrivate()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
        {
            const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            Directory.CreateDirectory(folder, Mine);
            File.SetUnixFileMode(folder, Mine);
        }
        if (!UnixFile.IsPrivate(folder))
            throw new UnauthorizedAccessException($"{folder} belongs to another user");
    }

    private static void Write(string file, byte[] bytes)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        stream.Write(bytes);
    }

    // Whatever is wrong with the cache, the script runs without it.
    private static string? Try(Action work)
    {
        try
        {
            work();
            return null;
        }
        catch (Exception fault)
        {
            return fault.Message.Split('\n')[0];
        }
    }

    private byte[] Encode(CompiledScript script)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(maker);
        writer.Write(script.Sources.Length);
        foreach (var source in script.Sources)
        {
            writer.Write(source.Path);
            writer.Write(source.Contents);
        }
        writer.Write(script.References.Length);
        foreach (var reference in script.References)
        {
            writer.Write(reference.Path);
            writer.Write(reference.Name);
            writer.Write(reference.Version.ToByteArray());
        }
        writer.Write(script.Assembly.Length);
        writer.Write(script.Assembly);
        writer.Write(script.Symbols.Length);
        writer.Write(script.Symbols);
        return bytes.ToArray();
    }

    private CompiledScript? Decode(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        if (!reader.ReadBytes(maker.Length).AsSpan().SequenceEqual(maker))
            return null;
        var sources = new Source[reader.ReadInt32()];
        for (var i = 0; i < sources.Length; i++)
            sources[i] = new(reader.ReadString(), reader.ReadUInt64());
        var references = new Reference[reader.ReadInt32()];
        for (var i = 0; i < references.Length; i++)
            references[i] = new(reader.ReadString(), reader.ReadString(), new(reader.ReadBytes(16)));
        return new(sources, references, reader.ReadBytes(reader.ReadInt32()), reader.ReadBytes(reader.ReadInt32()));
    }

    private static byte[] VersionOf(Type type) => type.Module.ModuleVersionId.ToByteArray();

    private string FileOf(string path) =>
        Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(path)}-{Checksum.Of(path):x16}");

    private static string UserCacheFolder() =>
        // A relative path would be another folder for each working directory, and the specification has it ignored.
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } folder && Path.IsPathFullyQualified(folder) ? folder
        : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
        : Path.Combine(Environment.GetFolderPath(
            Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".cache");
}
