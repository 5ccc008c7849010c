using System.Diagnostics;
using System.Globalization;

namespace Makemore;

/// <summary>Shows the progress of indexing a large words file: one line that updates in a terminal, a few lines
/// elsewhere.</summary>
/// <param name="path">The words file.</param>
/// <param name="shell">Where to show it.</param>
internal sealed class IndexProgress(string path, Shell shell)
{
    private const int Parts = 4, TerminalParts = 100;

    private readonly long _size = Size(path);
    private long _start = Stopwatch.GetTimestamp();
    private long _shown = -1;

    /// <summary>Takes the number of bytes read so far.</summary>
    public void Show(long bytes)
    {
        var (isPlain, share) = (!shell.IsTerminal, (double)bytes / Math.Max(1, _size));
        var part = (long)(share * (isPlain ? Parts : TerminalParts));
        if (part == _shown)
            return;
        // A text is read twice.
        _start = part < _shown ? Stopwatch.GetTimestamp() : _start;
        _shown = part;
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"index: {100 * share:0} % of {_size / 1e6:0} MB, {bytes / 1e6 / Stopwatch.GetElapsedTime(_start).TotalSeconds:0} MB/s");
        shell.Out.Write(isPlain || bytes >= _size ? $"{line}\n" : $"{line}  \r");
    }

    private static long Size(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;
}
