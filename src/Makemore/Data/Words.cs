using System.Collections.Immutable;
using System.Text;
using LanguageExt;

namespace Makemore;

/// <summary>Words in memory, in the order of their file.</summary>
public sealed class Words : IWords
{
    /// <summary>The maximum number of bytes in a line, 1 MiB; a file with a longer line is not a list of words.</summary>
    public const int MaxLineLength = 1 << 20;

    private const char ByteOrderMark = '\uFEFF';

    private readonly ImmutableArray<string> _words;
    private readonly ImmutableArray<int> _lines;

    private Words(string source, ImmutableArray<string> words, ImmutableArray<int> lines, TextChanges changes) =>
        (Source, _words, _lines, Changes) = (source, words, lines, changes);

    /// <summary>The given words, unchanged.</summary>
    public static Words Of(params string[] words) =>
        new("words", [.. words], [.. Enumerable.Range(1, words.Length)], default);

    /// <inheritdoc/>
    public string Source { get; }

    /// <inheritdoc/>
    public long Count => _words.Length;

    /// <inheritdoc/>
    public TextChanges Changes { get; }

    /// <inheritdoc/>
    public string this[long index] => _words[checked((int)index)];

    /// <inheritdoc/>
    public long Line(long index) => _lines[checked((int)index)];

    /// <inheritdoc/>
    public IEnumerable<string> All() => _words;

    /// <summary>
    /// Reads a file of words, one per line, in UTF-8 regardless of the locale. A byte order mark and CRLF are accepted, lines are
    /// trimmed, and blank lines are skipped. Words are in Unicode normalization form C, and U+FEFF is dropped:
    /// <see cref="Changes"/> has the number of words that this changed. The file is read once, in chunks.
    /// </summary>
    /// <returns>At least one word, or what is wrong with the file.</returns>
    public static Either<Fault, Words> Read(string path) => FileFaults.Catch<Words>(path, () =>
    {
        if (Missing(path) is { } fault)
            return fault;
        using var stream = InputFile.Open(path);
        return Read(path, stream);
    });

    /// <summary>The words without duplicates; the first of equal words is kept.</summary>
    public static Words Deduplicate(IWords words) =>
        Keep(words, new System.Collections.Generic.HashSet<string>(StringComparer.Ordinal).Add).ToWords(words.Source, words.Changes);

    /// <summary>The words of at most a number of text elements.</summary>
    public static Words WithoutLong(IWords words, int maxLength)
    {
        // A word has at most as many text elements as UTF-16 units, so most need not be counted.
        var kept = Keep(words, word => word.Length <= maxLength || TextElements.Count(word) <= maxLength);
        return kept.ToWords(words.Source, words.Changes with { TooLong = words.Count - kept.Count });
    }

    private static Collector Keep(IWords words, Func<string, bool> isKept)
    {
        var (kept, index) = (new Collector(), 0L);
        foreach (var word in words.All())
        {
            if (isKept(word))
                kept.Add(word, words.Line(index));
            index++;
        }
        return kept;
    }

    private static Either<Fault, Words> Read(string path, FileStream stream)
    {
        var lines = new LineReader(stream, MaxLineLength);
        var (words, changes) = (new Collector(), default(TextChanges));
        while (lines.Read(out var line))
        {
            if (EncodingFaults.Of(lines, line) is { } wrong)
                return wrong;
            var word = Decode(line, lines.Offset == 0, ref changes);
            if (word.Length > 0)
                words.Add(word, lines.Number);
        }
        return Unusable(lines, words.Count) is { } fault ? fault : words.ToWords(path, changes);
    }

    /// <summary>A text as words are read: without U+FEFF, and in normalization form C.</summary>
    internal static string Normalize(string text) => Normalization.Compose(WithoutMarks(text));

    /// <summary>The trimmed word in a line of UTF-8.</summary>
    internal static string Decode(ReadOnlySpan<byte> line) => Normalize(Encoding.UTF8.GetString(line)).Trim();

    /// <summary>The trimmed word in a line of UTF-8, counted if reading changes it; the file's first line may start with a byte
    /// order mark.</summary>
    internal static string Decode(ReadOnlySpan<byte> line, bool isFirst, ref TextChanges changes)
    {
        var text = Encoding.UTF8.GetString(line);
        var bare = WithoutMarks(text);
        var word = Normalization.Compose(bare);
        changes = new(
            changes.Composed + (ReferenceEquals(word, bare) ? 0 : 1),
            changes.Marks + (bare.Length < text.Length - (isFirst && text.StartsWith(ByteOrderMark) ? 1 : 0) ? 1 : 0));
        return word.Trim();
    }

    private static string WithoutMarks(string text) => text.Replace($"{ByteOrderMark}", "", StringComparison.Ordinal);

    /// <summary>Why a path is not a file, or null if it may be one.</summary>
    internal static Fault? Missing(string path) =>
        InputFile.Unreadable(path) is { } reason ? new Fault.NotWords(reason) : null;

    /// <summary>Why a file that was read to its end is not a list of words, or null if it is.</summary>
    internal static Fault? Unusable(LineReader lines, long words) =>
        lines.IsTooLong ? EncodingFaults.OfLongLine(lines) ?? new Fault.NotWords($"line {lines.Number + 1} is longer than 1 MiB")
        : words > 0 ? null
        : new Fault.NotWords(lines.Number == 0 ? "the file is empty" : "there are only blank lines");

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

        public Words ToWords(string source, TextChanges changes) =>
            new(source, _words.DrainToImmutable(), _lines.DrainToImmutable(), changes);
    }
}
