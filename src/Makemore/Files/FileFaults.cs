using LanguageExt;

namespace Makemore;

/// <summary>Converts the file system's exceptions to faults.</summary>
public static class FileFaults
{
    private const int LinuxDiskFull = 28, WindowsDiskFull = 112;

    /// <summary>Runs work on a file, with the file's name in front of every fault.</summary>
    public static Either<Fault, T> Catch<T>(string path, Func<Either<Fault, T>> work)
    {
        if (path.Contains('\0'))
            return Fault.Of("a NUL is in the name").In(Visible.Line(path));
        try
        {
            return work().In(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException || IsOverLimit(e))
        {
            return Fault.Of(Reason(e)).In(path);
        }
    }

    /// <summary>The framework's exception for a write beyond the limit of a file system or a quota (EFBIG).</summary>
    private static bool IsOverLimit(Exception e) => e is ArgumentOutOfRangeException { ParamName: "value" };

    private static string Reason(Exception e) => e switch
    {
        ArgumentOutOfRangeException => "the file would be longer than the disk or a quota allows",
        FileNotFoundException or DirectoryNotFoundException => "no such file or folder",
        UnauthorizedAccessException => "permission denied",
        IOException when (e.HResult & 0xFFFF) is LinuxDiskFull or WindowsDiskFull => "the disk is full",
        _ => WithoutPath(e.Message),
    };

    /// <summary>Removes the path from messages like <c>Input/output error : '/some/path'</c>, because the fault has it
    /// already.</summary>
    private static string WithoutPath(string message)
    {
        var line = message.ReplaceLineEndings(" ");
        var path = line.IndexOf(" : '", StringComparison.Ordinal);
        return path < 0 ? line : line[..path];
    }
}
