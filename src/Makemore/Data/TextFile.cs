using System.Text;
using LanguageExt;

namespace Makemore;

/// <summary>A file that is one text, of any lines.</summary>
public static class TextFile
{
    // What fits into one text and its buffer.
    private const long MaxSize = 1 << 29;

    /// <summary>Reads a text in UTF-8: in Unicode normalization form C, without byte order marks, and with line feeds for line
    /// ends.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxSize">The maximum size of the file in bytes.</param>
    /// <returns>The text, or what is wrong with the file.</returns>
    public static Either<Fault, string> Read(string path, long maxSize = InputFile.MaxTextSize) => InputFile.Read<string>(path, stream =>
    {
        if (stream.Length > Math.Min(maxSize, MaxSize))
            return new Fault.TextTooLarge(stream.Length, Math.Min(maxSize, MaxSize));
        var (lines, text) = (new LineReader(stream, (int)stream.Length + 1), new StringBuilder());
        while (lines.Read(out var line))
        {
            if (EncodingFaults.Of(lines, line) is { } wrong)
                return wrong;
            text.Append(Words.Normalize(Encoding.UTF8.GetString(line)).TrimEnd('\r')).Append('\n');
        }
        return text.Length > 0 ? text.ToString() : Fault.Of("the file is empty");
    });
}
