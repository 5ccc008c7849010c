using System.Buffers;
using System.Text;
using LanguageExt;
using Microsoft.Win32.SafeHandles;

namespace Makemore;

/// <summary>
/// Words that stay in their file, of any size: an index beside it, built once, knows where they stand, and a word is
/// read when it is asked for. What is held in memory does not grow with the file.
/// </summary>
/// <remarks>
/// They are read with <see cref="RandomAccess"/>: a memory mapping would make all of the file resident sooner or later.
/// A word is found by the offset of one of the words before it, at most 63 away.
/// </remarks>
public sealed class FileWords : IWords
{
    private readonly SafeFileHandle _file;
    private readonly WordsIndex _index;

    private FileWords(string source, SafeFileHandle file, WordsIndex index) =>
        (Source, _file, _index) = (source, file, index);

    /// <summary>Opens a file of words, by the same rules as <see cref="Words.Read(string)"/>. The index beside it, NAME.index, is
    /// built where there is none, or none of this file: it is known by its size, its time and a hash of its ends.</summary>
    /// <param name="path">The file; it must not change while it is in use.</param>
    /// <param name="progress">Takes the number of bytes read so far, now and then, while the index is built.</param>
    /// <returns>At least one word, or what is wrong with the file.</returns>
    public static Either<Fault, FileWords> Open(string path, Action<long>? progress = null) =>
        from file in Opened(path)
        from index in WordsIndex.OpenOrBuild(path, file, progress)
        select new FileWords(path, file, index);

    /// <inheritdoc/>
    public string Source { get; }

    /// <inheritdoc/>
    public long Count => _index.Survey.Count;

    /// <summary>The SHA-256 of the file's contents.</summary>
    public string Hash => _index.Survey.Hash;

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be read any more.</exception>
    public string this[long index]
    {
        get
        {
            if (index < 0 || index >= Count)
                throw new ArgumentOutOfRangeException(nameof(index), index, $"There are {Count} words.");
            var (stretch, before) = Math.DivRem(index, _index.Survey.Stride);
            var (begin, end) = _index.Stretch(stretch);
            return (end - begin <= Words.LongestLine ? FindInPiece(begin, (int)(end - begin), before) : FindFrom(begin, before))
                ?? throw new IOException($"{Source}: changed while it was in use");
        }
    }

    /// <inheritdoc/>
    public long Line(long index)
    {
        using var stream = Stream(0);
        var lines = new LineReader(stream, Words.LongestLine);
        while (Next(lines) is not null && index-- > 0)
            continue;
        return lines.Number;
    }

    /// <inheritdoc/>
    public IEnumerable<string> All()
    {
        using var stream = Stream(0);
        var lines = new LineReader(stream, Words.LongestLine);
        while (Next(lines) is { } word)
            yield return word;
    }

    /// <inheritdoc/>
    public IEnumerable<(long Index, string Word)> Find(IReadOnlySet<string> asked)
    {
        if (asked.Count == 0)
            yield break;
        var sieve = new WordSieve(asked);
        using var stream = Stream(0);
        var lines = new LineReader(stream, Words.LongestLine);
        var index = 0L;
        while (Next(lines, sieve, ref index) is { } word)
            if (asked.Contains(word))
                yield return (index - 1, word);
    }

    /// <inheritdoc/>
    public (long Index, int Length) Longest() => (_index.Survey.LongestIndex, _index.Survey.LongestLength);

    /// <inheritdoc/>
    public Vocabulary ToVocabulary() => Vocabulary.OfSorted(_index.Survey.Elements);

    private static Either<Fault, SafeFileHandle> Opened(string path) => Outside.Try<SafeFileHandle>(path, () =>
        Words.Missing(path) is { } fault ? fault : File.OpenHandle(path, options: FileOptions.RandomAccess));

    /// <summary>The word after so many others in a few bytes of the file.</summary>
    private string? FindInPiece(long begin, int size, long before)
    {
        var rented = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var rest = (ReadOnlySpan<byte>)rented.AsSpan(0, RandomAccess.Read(_file, rented.AsSpan(0, size), begin));
            for (var isFirst = begin == 0; rest.Length > 0; isFirst = false)
            {
                var length = rest.IndexOf((byte)'\n');
                var line = length < 0 ? rest : rest[..length];
                if (!IsBlank(line, isFirst) && before-- == 0)
                    return Words.Decode(line, isFirst);
                rest = rest[Math.Min(line.Length + 1, rest.Length)..];
            }
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>The same where long or blank lines lie between.</summary>
    private string? FindFrom(long begin, long before)
    {
        using var stream = Stream(begin);
        var lines = new LineReader(stream, Words.LongestLine);
        while (Next(lines) is { } word)
            if (before-- == 0)
                return word;
        return null;
    }

    private FileStream Stream(long begin)
    {
        var stream = new FileStream(Source, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
        stream.Position = begin;
        return stream;
    }

    /// <summary>The next word that a sieve lets through; the index is then that of the word after it.</summary>
    private static string? Next(LineReader lines, WordSieve sieve, ref long index)
    {
        while (lines.Read(out var line))
        {
            if (IsBlank(line, lines.Offset == 0))
                continue;
            index++;
            if (!Ascii.IsValid(line) || sieve.MayHold(line[Ascii.Trim(line)]))
                return Words.Decode(line, lines.Offset == 0);
        }
        return null;
    }

    private static string? Next(LineReader lines)
    {
        while (lines.Read(out var line))
            if (Words.Decode(line, lines.Offset == 0) is { Length: > 0 } word)
                return word;
        return null;
    }

    /// <summary>Most lines begin with a letter, which is enough to see.</summary>
    private static bool IsBlank(ReadOnlySpan<byte> line, bool isFirst) =>
        line is not [> (byte)' ' and < 128, ..] && Words.Decode(line, isFirst).Length == 0;
}
