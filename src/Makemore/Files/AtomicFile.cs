using System.Diagnostics;
using System.Globalization;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>Files that are either the old ones or the new ones, never half of each.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes a file beside its place, flushes it to the disk and renames it over the old one. Folders that are missing
    /// are made. Where anything fails, the old file is untouched and what was written is removed.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the contents; the stream can only go forward.</param>
    /// <returns>Nothing, or why the file could not be written.</returns>
    /// <remarks>
    /// A power cut right after the rename may bring the old file back, because the folder itself is not flushed (.NET
    /// has no way to). A process that is killed may leave <c>name.ID.xxxxxxxx.tmp</c> behind, ID being the process's, which
    /// nothing ever reads; a later write of the same file removes it.
    /// </remarks>
    public static Either<Fault, Unit> Write(string path, Action<Stream> write) => WriteIf(path, stream =>
    {
        write(stream);
        return true;
    });

    /// <summary>Writes a file like <see cref="Write"/>, but only where <paramref name="write"/> says in the end that what
    /// it wrote is good; otherwise the old file stands, and nothing else is left.</summary>
    public static Either<Fault, Unit> WriteIf(string path, Func<Stream, bool> write) => Outside.Try<Unit>(path, () =>
        Place(path).Map(place =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            Replace(place, write);
            return unit;
        }));

    /// <summary>Adds one line to a file, in one write; the file and its folder are made where they are not there. Half a line that
    /// a killed process left stays a line of its own.</summary>
    public static Either<Fault, Unit> AppendLine(string path, string line) => Outside.Try<Unit>(path, () =>
        Place(path).Map(place =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.AppendAllText(place, (EndsInALine(place) ? "" : "\n") + line + "\n");
            return unit;
        }));

    private static bool EndsInALine(string place)
    {
        if (!File.Exists(place))
            return true;
        using var stream = File.OpenRead(place);
        if (stream.Length == 0)
            return true;
        stream.Position = stream.Length - 1;
        return stream.ReadByte() == '\n';
    }

    private static Either<Fault, string> Place(string path)
    {
        if (path.Length == 0)
            return Fault.Of("the file's name is missing");
        if (Directory.Exists(path) || Path.EndsInDirectorySeparator(path))
            return Fault.Of("is a folder, not a file");
        var place = Path.GetFullPath(path);
        return File.Exists(Path.GetDirectoryName(place))
            ? Fault.Of($"cannot be written, because {Path.GetDirectoryName(path)} is a file, not a folder")
            : place;
    }

    /// <summary>Removes what killed processes left beside a file. A minute of age is asked for besides, for processes of
    /// another machine that shares the folder.</summary>
    private static void RemoveLeftovers(string place)
    {
        var name = Path.GetFileName(place);
        foreach (var path in Directory.EnumerateFiles(Path.GetDirectoryName(place)!, $"{name}.*.*.tmp"))
            if (Path.GetFileName(path)[(name.Length + 1)..].Split('.') is [var id, _, "tmp"]
                && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var process) && !IsAlive(process)
                && DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > TimeSpan.FromMinutes(1))
                TryDelete(path);
    }

    private static bool IsAlive(int process)
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

    /// <summary>A leftover that cannot be removed harms nobody.</summary>
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

    private static void Replace(string place, Func<Stream, bool> write)
    {
        RemoveLeftovers(place);
        var beside = $"{place}.{Environment.ProcessId}.{Guid.NewGuid().ToString("N")[..8]}.tmp";
        try
        {
            bool isGood;
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write))
            {
                isGood = write(stream);
                stream.Flush(flushToDisk: true);
            }
            if (isGood)
                File.Move(beside, place, overwrite: true);
        }
        finally
        {
            File.Delete(beside); // no error where the move has taken it away
        }
    }
}
