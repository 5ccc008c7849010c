using System.Buffers;
using System.Text;

namespace Makemore;

/// <summary>The lines of a text file, one after the other: in Unicode normalization form C, without byte order marks, each with a line
/// feed at its end.</summary>
internal sealed class TextLines
{
    private readonly LineReader _lines;

    // Most lines have only known bytes, which takes one vectorized search to see.
    private static readonly SearchValues<byte> Plain =
        SearchValues.Create([(byte)'\t', .. Enumerable.Range(' ', '~' - ' ' + 1).Select(unit => (byte)unit)]);

    /// <summary>Reads the lines of a file.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="length">Its length.</param>
    public TextLines(Stream stream, long length) => _lines = new(stream, (int)Math.Min(length + 1, InputFile.MaxTextSize));

    /// <summary>What is wrong with the file, if it was not read to its end.</summary>
    public Fault? Fault { get; private set; }

    /// <summary>Reads the next line.</summary>
    /// <param name="plain">Its bytes without the line feed, if they are printable ASCII characters and tabs; otherwise empty.</param>
    /// <param name="line">The rest of the line: all of it if it is not plain, otherwise the line feed.</param>
    /// <returns>Whether there was one.</returns>
    public bool Read(out ReadOnlySpan<byte> plain, out string line)
    {
        plain = [];
        line = "\n";
        if (!_lines.Read(out var bytes))
        {
            Fault = _lines.IsTooLong ? EncodingFaults.OfLongLine(_lines) ?? Makemore.Fault.Of(
                    $"line {_lines.Number + 1} is longer than {InputFile.MaxTextSize >> 20} MiB")
                : _lines.Number == 0 ? Makemore.Fault.Of("the file is empty")
                : null;
            return false;
        }
        if (!bytes.ContainsAnyExcept(Plain))
        {
            plain = bytes;
            return true;
        }
        Fault = EncodingFaults.Of(_lines, bytes);
        line = Words.Normalize(Encoding.UTF8.GetString(bytes)).TrimEnd('\r') + "\n";
        return Fault is null;
    }
}
