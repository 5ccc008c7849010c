using System.Buffers;
using System.Text;
using LanguageExt;
using Microsoft.Win32.SafeHandles;

namespace Makemore;

/// <summary>
/// Words in a file of any size. An index next to the file, built once, has their positions, and words are read on demand, so that
/// memory use does not grow with the file.
/// </summary>
/// <remarks>
/// Words are read with <see cref="RandomAccess"/>, because a memory mapping would sooner or later make the whole file resident.
/// The index has the offset of at least every 64th word.
/// </remarks>
public sealed class FileWords : IWords
{
    private const string Changed = "changed while it was in use";

    private readonly SafeFileHandle _file;
    private readonly WordsIndex _index;

    private FileWords(string source, SafeFileHandle file, WordsIndex index) =>
        (Source, _file, _index) = (source, file, index);

    /// <summary>Opens a file of words, with the same rules as <see cref="Words.Read(string)"/>. The index NAME.index next to it
    /// is built unless there is one of this file, identified by size, time and a hash of both ends.</summary>
    /// <param name="path">The file; it must not change while it is in use.</param>
    /// <param name="progress">Receives the number of bytes read so far, from time to time, while the index is built.</param>
    /// <param name="cancellation">Stops building the index, and leaves none.</param>
    /// <returns>At least one word, or what is wrong with the file.</returns>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public static Either<Fault, FileWords> Open(string path, Action<long>? progress = null, CancellationToken cancellation = default) =>
        from file in OpenFile(path)
        from index in WordsIndex.OpenOrBuild(path, file, bytes =>
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Invoke(bytes);
        })
        select new FileWords(path, file, index);

    /// <inheritdoc/>
    public string Source { get; }

    /// <inheritdoc/>
    public long Count => _index.Survey.Count;

    /// <inheritdoc/>
    public TextChanges Changes => new(_index.Survey.Composed, _index.Survey.Marks);

    /// <inheritdoc/>
    public string Hash => _index.Survey.Hash;

    /// <inheritdoc/>
    /// <exception cref="IOException">The file can no longer be read.</exception>
    public string this[long index]
    {
        get
        {
            if (index < 0 || index >= Count)
                throw new ArgumentOutOfRangeException(nameof(index), index, $"There are {Count} words.");
            var (segment, before) = Math.DivRem(index, _index.Survey.Stride);
            var (begin, end, words) = _index.Segment(segment);
            return (end - begin is >= 0 and <= Words.MaxLineLength and var size
                ? FindInSegment(begin, (int)size, before, words)
                : FindFrom(begin, before))
                ?? throw new IOException($"{Source}: {Changed}");
        }
    }

    /// <inheritdoc/>
    public long Line(long index)
    {
        if (index == _index.Survey.LongestIndex)
            return _index.Survey.LongestLine;
        using var stream = Stream(0);
        var lines = new LineReader(stream, Words.MaxLineLength);
        while (Next(lines) is not null && index-- > 0)
            continue;
        return lines.Number;
    }

    /// <inheritdoc/>
    public IEnumerable<string> All()
    {
        using var stream = Stream(0);
        var lines = new LineReader(stream, Words.MaxLineLength);
        while (Next(lines) is { } word)
            yield return word;
    }

    /// <inheritdoc/>
    public IEnumerable<(long Index, string Word)> Find(IReadOnlySet<string> words)
    {
        if (words.Count == 0)
            yield break;
        var filter = new BloomFilter(words);
        using var stream = Stream(0);
        var lines = new LineReader(stream, Words.MaxLineLength);
        var index = 0L;
        while (Next(lines, filter, ref index) is { } word)
            if (words.Contains(word))
                yield return (index - 1, word);
    }

    /// <inheritdoc/>
    public (long Index, int Length) Longest() => (_index.Survey.LongestIndex, _index.Survey.LongestLength);

    /// <inheritdoc/>
    public Either<Fault, Unit> Unchanged() => InputFile.Read<Unit>(Source, stream =>
        FileStamp.Of(stream.SafeFileHandle) == _index.Survey.Stamp ? Unit.Default : Fault.Of(Changed));

    /// <inheritdoc/>
    public long TotalLength() => _index.Survey.TotalLength;

    /// <inheritdoc/>
    public Vocabulary ToVocabulary() => Vocabulary.OfSorted(_index.Survey.Elements);

    private static Either<Fault, SafeFileHandle> OpenFile(string path) => FileFaults.Catch<SafeFileHandle>(path, () =>
        Words.Missing(path) is { } fault ? fault : File.OpenHandle(path, options: FileOptions.RandomAccess));

    /// <summary>The word after a number of others, in a few bytes of the file; null unless they are whole lines with a number of
    /// words.</summary>
    private string? FindInSegment(long begin, int size, long before, int words)
    {
        var rented = ArrayPool<byte>.Shared.Rent(size + 1);
        try
        {
            // With the byte before, which ends a line.
            var margin = begin > 0 ? 1 : 0;
            var bytes = rented.AsSpan(0, RandomAccess.Read(_file, rented.AsSpan(0, size + margin), begin - margin));
            if (bytes.Length < size + margin || (margin > 0 && bytes[0] != '\n'))
                return null;
            ReadOnlySpan<byte> rest = bytes[margin..];
            string? found = null;
            while (rest.Length > 0)
            {
                var length = rest.IndexOf((byte)'\n');
                var line = length < 0 ? rest : rest[..length];
                if (!IsBlank(line))
                {
                    words--;
                    if (before-- == 0)
                        found = Words.Decode(line);
                }
                rest = rest[Math.Min(line.Length + 1, rest.Length)..];
            }
            return words == 0 ? found : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>As <see cref="FindInSegment"/>, for segments with long or blank lines.</summary>
    private string? FindFrom(long begin, long before)
    {
        using var stream = Stream(begin);
        var lines = new LineReader(stream, Words.MaxLineLength);
        while (Next(lines) is { } word)
            if (before-- == 0)
                return word;
        return null;
    }

    private FileStream Stream(long begin)
    {
        var stream = InputFile.Open(Source, FileOptions.SequentialScan);
        stream.Position = Math.Clamp(begin, 0, stream.Length);
        return stream;
    }

    /// <summary>The next word that may be in a filter; the index is then that of the word after it.</summary>
    private static string? Next(LineReader lines, BloomFilter filter, ref long index)
    {
        while (lines.Read(out var line))
        {
            if (IsBlank(line))
                continue;
            index++;
            if (!Ascii.IsValid(line) || filter.MayContain(line[Ascii.Trim(line)]))
                return Words.Decode(line);
        }
        return null;
    }

    private static string? Next(LineReader lines)
    {
        while (lines.Read(out var line))
            if (Words.Decode(line) is { Length: > 0 } word)
                return word;
        return null;
    }

    /// <summary>Most lines start with a letter, which is quick to check.</summary>
    private static bool IsBlank(ReadOnlySpan<byte> line) =>
        line is not [> (byte)' ' and < 128, ..] && Words.Decode(line).Length == 0;
}
