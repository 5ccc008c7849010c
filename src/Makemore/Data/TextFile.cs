using System.Text;
using LanguageExt;

namespace Makemore;

/// <summary>A file that is one text, of any lines.</summary>
public static class TextFile
{
    /// <summary>Reads a text in UTF-8: in Unicode normalization form C, without byte order marks, and with line feeds for line
    /// ends.</summary>
    /// <returns>The text, or what is wrong with the file.</returns>
    public static Either<Fault, string> Read(string path) => InputFile.Read<string>(path, stream =>
    {
        if (stream.Length > InputFile.MaxTextSize)
            return Fault.Of($"the file has {stream.Length} bytes, and {InputFile.MaxTextSize} are possible");
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
