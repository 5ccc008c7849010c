using System.Diagnostics;
using System.Globalization;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>Files that are replaced as a whole: either the old or the new contents, never half of them.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes to a temporary file in the same folder, flushes it to disk and renames it over the old file. Missing folders are
    /// created. The file keeps its mode; a link is replaced, and what it leads to unchanged. On a failure the old file is unchanged
    /// and the temporary file is removed.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the contents to a forward-only stream.</param>
    /// <returns>Nothing, or why the file could not be written.</returns>
    /// <remarks>
    /// A power failure right after the rename may restore the old file, because the folder itself is not flushed (.NET cannot). A
    /// killed process may leave <c>name.ID.xxxxxxxx.tmp</c> behind, where ID is its process id; it is never read, and a later
    /// write of the same file removes it.
    /// </remarks>
    public static Either<Fault, Unit> Write(string path, Action<Stream> write) => WriteIf(path, stream =>
    {
        write(stream);
        return true;
    });

    /// <summary>As <see cref="Write"/>, but replaces the file only if <paramref name="write"/> returns true; otherwise the old
    /// file is unchanged and nothing else is left.</summary>
    public static Either<Fault, Unit> WriteIf(string path, Func<Stream, bool> write) => FileFaults.Catch<Unit>(path, () =>
        Resolve(path).Map(file =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            Replace(file, write);
            return unit;
        }));

    /// <summary>Writes a temporary file, which is deleted once it has been used.</summary>
    /// <param name="path">A file in the same folder; its next write removes what a killed process left behind.</param>
    /// <param name="write">Writes the contents to a forward-only stream.</param>
    /// <param name="use">What to do with the temporary file.</param>
    public static Either<Fault, T> WithTemporary<T>(string path, Action<Stream> write, Func<string, Either<Fault, T>> use) =>
        from file in FileFaults.Catch(path, () => Resolve(path))
        let temporary = Temporary(file)
        from used in UseTemporary(temporary, write, use)
        select used;

    /// <summary>Appends a line to a file in a single write; creates the file and its folder if necessary. A partial line left by
    /// a killed process stays on a line of its own.</summary>
    public static Either<Fault, Unit> AppendLine(string path, string line) =>
        Appendable(path).Bind(file => FileFaults.Catch<Unit>(path, () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.AppendAllText(file, (EndsWithNewline(file) ? "" : "\n") + line + "\n");
            return unit;
        }));

    /// <summary>The full path of a file that lines can be appended to, or why they cannot.</summary>
    public static Either<Fault, string> Appendable(string path) => FileFaults.Catch(path, () =>
        Resolve(path).Bind<string>(file =>
            new FileInfo(file).LinkTarget is not null ? Fault.Of("is a link, and is not followed; remove it")
            : UnixFile.IsSpecial(file) ? Fault.Of("is a pipe or a device, not a file")
            : file));

    private static string Temporary(string file) => $"{file}.{Environment.ProcessId}.{Guid.NewGuid().ToString("N")[..8]}.tmp";

    private static Either<Fault, T> UseTemporary<T>(string temporary, Action<Stream> write, Func<string, Either<Fault, T>> use)
    {
        try
        {
            return Write(temporary, write).Bind(_ => use(temporary));
        }
        finally
        {
            TryDelete(temporary);
        }
    }

    private static bool EndsWithNewline(string file)
    {
        if (!File.Exists(file))
            return true;
        using var stream = File.OpenRead(file);
        if (stream.Length == 0)
            return true;
        stream.Position = stream.Length - 1;
        return stream.ReadByte() == '\n';
    }

    private static Either<Fault, string> Resolve(string path)
    {
        if (path.Length == 0)
            return Fault.Of("the file name is empty");
        if (Directory.Exists(path) || Path.EndsInDirectorySeparator(path))
            return Fault.Of("is a folder, not a file");
        var file = Path.GetFullPath(path);
        return File.Exists(Path.GetDirectoryName(file))
            ? Fault.Of("cannot be written, because " + Path.GetDirectoryName(path) + " is a file, not a folder")
            : file;
    }

    /// <summary>Removes the temporary files of killed processes. They must be a minute old, because a process of another machine
    /// may share the folder.</summary>
    private static void RemoveLeftovers(string file)
    {
        var name = Path.GetFileName(file);
        foreach (var path in Directory.EnumerateFiles(Path.GetDirectoryName(file)!, $"{name}.*.*.tmp"))
            if (Path.GetFileName(path)[(name.Length + 1)..].Split('.') is [var id, _, "tmp"]
                && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var process) && !IsRunning(process)
                && DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > TimeSpan.FromMinutes(1))
                TryDelete(path);
    }

    private static bool IsRunning(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Deletes a file if possible.</summary>
    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static void KeepMode(string file, string temporary)
    {
        if (!OperatingSystem.IsWindows() && new FileInfo(file) is { Exists: true, LinkTarget: null })
            File.SetUnixFileMode(temporary, File.GetUnixFileMode(file));
    }

    private static void Replace(string file, Func<Stream, bool> write)
    {
        RemoveLeftovers(file);
        var temporary = Temporary(file);
        try
        {
            bool isGood;
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                isGood = write(stream);
                stream.Flush(flushToDisk: true);
            }
            if (isGood)
            {
                KeepMode(file, temporary);
                File.Move(temporary, file, overwrite: true);
            }
        }
        finally
        {
            File.Delete(temporary); // no error if it was moved
        }
    }
}
