using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using LanguageExt;

namespace Makemore;

/// <summary>Words in memory, in the order of the file they were read from.</summary>
public sealed class Words : IWords
{
    /// <summary>The greatest number of bytes in a line, 1 MiB: what is longer is no list of words.</summary>
    public const int LongestLine = 1 << 20;

    private const string Remedy = "--input-file takes a text file with one word a line";

    private readonly ImmutableArray<string> _words;
    private readonly ImmutableArray<int> _lines;

    private Words(string source, ImmutableArray<string> words, ImmutableArray<int> lines) =>
        (Source, _words, _lines) = (source, words, lines);

    /// <summary>Words given by hand, used as they are.</summary>
    public static Words Of(params string[] words) =>
        new("words", [.. words], [.. Enumerable.Range(1, words.Length)]);

    /// <inheritdoc/>
    public string Source { get; }

    /// <inheritdoc/>
    public long Count => _words.Length;

    /// <inheritdoc/>
    public string this[long index] => _words[checked((int)index)];

    /// <inheritdoc/>
    public long Line(long index) => _lines[checked((int)index)];

    /// <inheritdoc/>
    public IEnumerable<string> All() => _words;

    /// <summary>
    /// Reads a file of words, one a line, in UTF-8 whatever the locale. A byte order mark and CRLF are tolerated, lines
    /// are trimmed, empty ones dropped. The file is read once, in pieces.
    /// </summary>
    /// <returns>At least one word, or what is wrong with the file.</returns>
    public static Either<Fault, Words> Read(string path) => Outside.Try<Words>(path, () =>
    {
        if (Directory.Exists(path))
            return new Fault($"is a folder; {Remedy}");
        if (!Path.Exists(path))
            return new Fault($"no such file; {Remedy}");
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return Read(path, stream);
    });

    /// <summary>The words without repetitions: of equal ones the first stays, in its place.</summary>
    public static Words Deduplicate(IWords words)
    {
        var seen = new System.Collections.Generic.HashSet<string>(StringComparer.Ordinal);
        var kept = new Collector();
        var index = 0L;
        foreach (var word in words.All())
        {
            if (seen.Add(word))
                kept.Add(word, words.Line(index));
            index++;
        }
        return kept.ToWords(words.Source);
    }

    private static Either<Fault, Words> Read(string path, FileStream stream)
    {
        var lines = new LineReader(stream, LongestLine);
        var words = new Collector();
        while (lines.Read(out var line))
        {
            if (!Utf8.IsValid(line))
                return new Fault(
                    $"line {lines.Number} is not UTF-8; convert the file, for example with iconv -f LATIN1 -t UTF-8");
            var word = Encoding.UTF8.GetString(lines.Number == 1 ? WithoutMark(line) : line).Trim();
            if (word.Length > 0)
                words.Add(word, lines.Number);
        }
        if (lines.IsTooLong)
            return new Fault($"line {lines.Number + 1} is longer than 1 MiB; {Remedy}");
        return words.Count > 0
            ? words.ToWords(path)
            : new Fault($"{(lines.Number == 0 ? "the file is empty" : "there are only blank lines")}; {Remedy}");
    }

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> line)
    {
        var mark = "\uFEFF"u8;
        return line.StartsWith(mark) ? line[mark.Length..] : line;
    }

    private sealed class Collector
    {
        private readonly ImmutableArray<string>.Builder _words = ImmutableArray.CreateBuilder<string>();
        private readonly ImmutableArray<int>.Builder _lines = ImmutableArray.CreateBuilder<int>();

        public int Count => _words.Count;

        public void Add(string word, long line)
        {
            _words.Add(word);
            _lines.Add(checked((int)line));
        }

        public Words ToWords(string source) => new(source, _words.DrainToImmutable(), _lines.DrainToImmutable());
    }
}
