using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Makemore;

/// <summary>Recognizes what is not UTF-8 text with lines that end in line feeds, and says how to convert it.</summary>
internal static class EncodingFaults
{
    private const int Sampled = 1 << 12;

    // Control characters, which the text in no encoding has, except for white space and escape.
    private static readonly SearchValues<byte> Binary = SearchValues.Create(
        "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0E\x0F\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1A\x1C\x1D\x1E\x1F"u8);

    private static readonly (byte[] Mark, string Name)[] ByteOrderMarks =
    [
        ([0xFF, 0xFE, 0, 0], "UTF-32"), ([0, 0, 0xFE, 0xFF], "UTF-32"), ([0xFF, 0xFE], "UTF-16"), ([0xFE, 0xFF], "UTF-16"),
    ];

    /// <summary>Why a line is not text; null if it is.</summary>
    /// <param name="lines">Where it was read, as the last line.</param>
    /// <param name="line">The line.</param>
    public static Fault? Of(LineReader lines, ReadOnlySpan<byte> line)
    {
        var isUtf8 = Utf8.IsValid(line);
        if (isUtf8 && !line[Ascii.Trim(line)].ContainsAny((byte)0, (byte)'\r'))
            return null;
        return Recognized(lines, isUtf8)
            ?? (line.Contains((byte)0) || (!isUtf8 && Sample(lines).ContainsAny(Binary)) ? NotText(lines, line)
                : !isUtf8 ? NotUtf8(lines, line)
                : CarriageReturns(lines.Number));
    }

    /// <summary>Why a line that is too long to read does not end; null if that is unknown.</summary>
    public static Fault? OfLongLine(LineReader lines) => Recognized(lines, isUtf8: true)
        ?? (lines.Ahead.Contains((byte)'\r') ? CarriageReturns(lines.Number + 1) : null);

    private static Fault? Recognized(LineReader lines, bool isUtf8) => Encoding(lines, isUtf8) is { } name
        ? Fault.Of($"the file is in {name}; convert it with iconv -f {name} -t UTF-8")
        : null;

    /// <summary>UTF-32 and UTF-16, as iconv names them; null if it is neither. Without a byte order mark UTF-16 has NULs, of its line
    /// feeds and other ASCII characters, and all at even or all at odd offsets.</summary>
    private static string? Encoding(LineReader lines, bool isUtf8)
    {
        var bytes = Sample(lines);
        foreach (var (mark, name) in ByteOrderMarks)
            if (lines.Offset == 0 && bytes.StartsWith(mark))
                return name;
        var (even, odd) = (0, 0);
        for (var i = 0; i < bytes.Length; i++)
            if (bytes[i] == 0)
                _ = (lines.Offset + i) % 2 == 0 ? even++ : odd++;
        var isWide = (even == 0) != (odd == 0)
            && (4 * (even + odd) >= bytes.Length || (!isUtf8 && 2 * (even + odd) >= bytes.Count((byte)'\n')));
        return !isWide ? null : odd > 0 ? "UTF-16LE" : "UTF-16BE";
    }

    /// <summary>The beginning of what follows, and includes, the line read last.</summary>
    private static ReadOnlySpan<byte> Sample(LineReader lines) => lines.Ahead[..Math.Min(Sampled, lines.Ahead.Length)];

    private static Fault NotText(LineReader lines, ReadOnlySpan<byte> line)
    {
        var bytes = line.ContainsAny(Binary) ? line : Sample(lines);
        var at = bytes.IndexOfAny(Binary);
        var number = lines.Number + bytes[..at].Count((byte)'\n');
        return new Fault.NotText($"line {number} has byte 0x{bytes[at]:X2}, which no text has");
    }

    private static Fault NotUtf8(LineReader lines, ReadOnlySpan<byte> line)
    {
        var valid = 0;
        while (Rune.DecodeFromUtf8(line[valid..], out _, out var length) == System.Buffers.OperationStatus.Done)
            valid += length;
        return Fault.Of(
            $"line {lines.Number} is not UTF-8: byte 0x{line[valid]:X2} at offset {lines.Offset + valid}; convert the file with iconv "
            + "-f ENCODING -t UTF-8: try WINDOWS-1252, ISO-8859-2, WINDOWS-1251, … until its words read right");
    }

    private static Fault CarriageReturns(long line) => Fault.Of(
        $"line {line} has carriage returns inside, the line ends of old Macs; turn them into line feeds with tr '\\r' '\\n'");
}
