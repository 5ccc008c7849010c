using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using LanguageExt;

namespace Makemore;

/// <summary>The result of a pass over a text.</summary>
/// <param name="Hash">The SHA-256 of the text in UTF-8.</param>
/// <param name="Length">Its length in UTF-16 units.</param>
/// <param name="Bytes">Its length in bytes of UTF-8.</param>
/// <param name="Elements">Its text elements.</param>
internal sealed record TextSurvey(string Hash, long Length, long Bytes, ImmutableArray<string> Elements)
{
    /// <summary>Reads a text once.</summary>
    /// <param name="path">The file.</param>
    /// <param name="progress">Receives the number of bytes read so far, from time to time.</param>
    public static Either<Fault, TextSurvey> Of(string path, Action<long>? progress = null) => InputFile.Read<TextSurvey>(path, stream =>
    {
        var observed = new ObservedStream(stream, _ => progress?.Invoke(stream.Position));
        var (lines, elements, hash) = (new TextLines(observed, stream.Length), new TextElementSet(), new WordsHash());
        var (length, bytes, known) = (0L, 0L, SearchValues.Create(ReadOnlySpan<byte>.Empty));
        elements.AddAscii("\n"u8);
        while (lines.Read(out var plain, out var line))
        {
            if (plain.ContainsAnyExcept(known))
            {
                elements.AddAscii(plain);
                known = elements.AsciiBytes;
            }
            if (line.Length > 1)
                elements.Add(line);
            var text = line.Length > 1 ? Encoding.UTF8.GetBytes(line).AsSpan(..^1) : plain;
            hash.Add(text);
            (length, bytes) = (length + (line.Length > 1 ? line.Length : plain.Length + 1), bytes + text.Length + 1);
        }
        return lines.Fault is { } fault ? fault : new TextSurvey(hash.ToHex(), length, bytes, [.. elements.Sorted()]);
    });
}
