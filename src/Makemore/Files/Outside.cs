using LanguageExt;

namespace Makemore;

/// <summary>Where the file system's exceptions become faults.</summary>
internal static class Outside
{
    private const int LinuxDiskFull = 28, WindowsDiskFull = 112;

    /// <summary>What the work on a file gives, with the file's name in front of every fault.</summary>
    public static Either<Fault, T> Try<T>(string path, Func<Either<Fault, T>> work)
    {
        try
        {
            return work().In(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException || IsTooLong(e))
        {
            return Fault.Of(Reason(e)).In(path);
        }
    }

    /// <summary>What the framework makes of a write beyond what a file system or a quota allows (EFBIG).</summary>
    private static bool IsTooLong(Exception e) => e is ArgumentOutOfRangeException { ParamName: "value" };

    private static string Reason(Exception e) => e switch
    {
        ArgumentOutOfRangeException => "the file would be longer than the disk or a quota allows",
        FileNotFoundException or DirectoryNotFoundException => "no such file or folder",
        UnauthorizedAccessException => "permission denied",
        IOException when (e.HResult & 0xFFFF) is LinuxDiskFull or WindowsDiskFull => "the disk is full",
        _ => WithoutPath(e.Message),
    };

    /// <summary>The framework writes <c>Input/output error : '/some/path'</c>; the path is said already.</summary>
    private static string WithoutPath(string message)
    {
        var line = message.ReplaceLineEndings(" ");
        var path = line.IndexOf(" : '", StringComparison.Ordinal);
        return path < 0 ? line : line[..path];
    }
}
