using LanguageExt;

namespace Makemore;

/// <summary>Reads files that anybody may have written. This is where whatever goes wrong with reading becomes a fault.</summary>
public static class InputFile
{
    /// <summary>The maximum size of a file that is read as one text, and of a line in a file of lines: 64 MiB.</summary>
    public const int MaxTextSize = 64 << 20;

    /// <summary>Opens a file, reads it and closes it.</summary>
    /// <param name="path">The file: no folder, pipe or device.</param>
    /// <param name="read">Reads the open file, which is not buffered.</param>
    /// <returns>What <paramref name="read"/> returned, or why the file cannot be read; the file's name is in front of faults.</returns>
    public static Either<Fault, T> Read<T>(string path, Func<FileStream, Either<Fault, T>> read) => FileFaults.Catch<T>(path, () =>
    {
        if (Unreadable(path) is { } reason)
            return Fault.Of(reason);
        using var stream = Open(path);
        return read(stream);
    });

    /// <summary>The text of a file, in UTF-8.</summary>
    public static Either<Fault, string> ReadText(string path) => Read<string>(path, stream =>
    {
        if (stream.Length > MaxTextSize)
            return Fault.Of($"{stream.Length} bytes are implausible for such a file");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });

    /// <summary>The lines of a file, in UTF-8; none if there is no such file.</summary>
    public static Either<Fault, string[]> ReadLines(string path) => !Path.Exists(path) ? (string[])[] : Read<string[]>(path, stream =>
    {
        var (reader, lines) = (new LineReader(stream, (int)Math.Min(stream.Length + 1, MaxTextSize)), new List<string>());
        while (reader.Read(out var line))
            lines.Add(System.Text.Encoding.UTF8.GetString(line));
        return reader.IsTooLong ? Fault.Of($"line {reader.Number + 1} is implausibly long") : lines.ToArray();
    });

    /// <summary>Why a path cannot be read as a file; null if it can, as far as one can tell before opening it.</summary>
    internal static string? Unreadable(string path) =>
        Directory.Exists(path) ? "is a folder, not a file"
        : !Path.Exists(path) ? "no such file"
        : UnixFile.IsSpecial(path) ? "is a pipe or a device, not a file"
        : null;

    /// <summary>Opens a file for reading. Meanwhile it may be replaced, and others may append to it: Windows would refuse them.</summary>
    internal static FileStream Open(string path, FileOptions options = FileOptions.None) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, options);
}
