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
            return Fault.Of($"the file has {stream.Length} bytes, more than the maximum of {InputFile.MaxTextSize}");
        var (lines, text) = (new TextLines(stream, stream.Length), new StringBuilder());
        while (lines.Read(out var plain, out var line))
            text.Append(Encoding.ASCII.GetString(plain)).Append(line);
        return lines.Fault is { } fault ? fault : text.ToString();
    });
}
