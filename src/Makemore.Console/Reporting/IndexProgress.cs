using System.Diagnostics;
using System.Globalization;

namespace Makemore;

/// <summary>Shows the progress of indexing a large file of words or text: one line that updates in a terminal, a few lines
/// elsewhere.</summary>
/// <param name="path">The file.</param>
/// <param name="shell">Where to show it.</param>
internal sealed class IndexProgress(string path, Shell shell)
{
    private const int Parts = 4, TerminalParts = 100;

    private readonly long _size = Size(path);
    private string _label = "index";
    private long _start = Stopwatch.GetTimestamp();
    private long _from;
    private long _shown = -1;

    /// <summary>Takes the number of bytes read so far.</summary>
    public void Show(long bytes)
    {
        var (isPlain, share) = (!shell.IsTerminal, (double)bytes / Math.Max(1, _size));
        var part = (long)(share * (isPlain ? Parts : TerminalParts));
        if (part == _shown)
            return;
        // A text is read again, to encode it.
        if (part < _shown)
            (_label, _start, _from) = ("encode", Stopwatch.GetTimestamp(), bytes);
        _shown = part;
        if (bytes == _from)
            return;
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{_label}: {100 * share:0} % of {_size / 1e6:0} MB, "
            + $"{(bytes - _from) / 1e6 / Stopwatch.GetElapsedTime(_start).TotalSeconds:0} MB/s");
        shell.Out.Write(isPlain || bytes >= _size ? $"{line}\n" : $"{line}  \r");
    }

    private static long Size(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;
}
