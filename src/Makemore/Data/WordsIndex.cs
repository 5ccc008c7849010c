using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using LanguageExt;
using Microsoft.Win32.SafeHandles;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>
/// The positions of words in a file, and a survey of them: a file next to the words, built in one pass and read by random access,
/// so that neither has to fit into memory.
/// </summary>
/// <remarks>
/// Format: the offset of the line of every <see cref="WordsSurvey.Stride"/>-th word and the size of the file, 8 bytes each,
/// little-endian; the survey as JSON; the length of the JSON in 4 bytes; the SHA-256 of all that. Two processes that build an
/// index at the same time write the same bytes to files of their own, and the last rename wins.
/// </remarks>
internal sealed class WordsIndex
{
    private const int Format = 3;
    private const int OffsetSize = sizeof(long), TrailerSize = sizeof(int) + SHA256.HashSizeInBytes;

    private readonly SafeFileHandle _file;

    private WordsIndex(SafeFileHandle file, WordsSurvey survey) => (_file, Survey) = (file, survey);

    /// <summary>The survey of the words.</summary>
    public WordsSurvey Survey { get; }

    /// <summary>The path of the index of a file of words.</summary>
    public static string PathFor(string words) => words + ".index";

    /// <summary>Opens the index of a file of words; builds it unless there is a valid and current one.</summary>
    /// <param name="path">The file of words.</param>
    /// <param name="words">The open file.</param>
    /// <param name="progress">Receives the number of bytes read so far, from time to time, while the index is built.</param>
    public static Either<Fault, WordsIndex> OpenOrBuild(string path, SafeFileHandle words, Action<long> progress) =>
        from stamp in Stamp(path, words)
        from found in Open(path, stamp)
        from index in found.Match(index => index, () => Build(path, words, stamp, progress))
        select index;

    private long LastSegment => (Survey.Count - 1) / Survey.Stride;

    /// <summary>The range of bytes from one indexed word to the next, and the number of words in it.</summary>
    /// <param name="segment">The index of the segment's first word divided by the stride.</param>
    public (long Begin, long End, int Words) Segment(long segment)
    {
        Span<byte> offsets = stackalloc byte[2 * OffsetSize];
        if (RandomAccess.Read(_file, offsets, segment * OffsetSize) < offsets.Length)
            throw new IOException("its index was cut short while it was in use");
        return (
            BinaryPrimitives.ReadInt64LittleEndian(offsets), BinaryPrimitives.ReadInt64LittleEndian(offsets[OffsetSize..]),
            segment < LastSegment ? Survey.Stride : (int)(Survey.Count - (segment * Survey.Stride)));
    }

    private static Either<Fault, FileStamp> Stamp(string path, SafeFileHandle words) =>
        FileFaults.Catch<FileStamp>(path, () => FileStamp.Of(words));

    /// <summary>The index of a file of words; none if it is missing, damaged, or of another file.</summary>
    private static Either<Fault, Option<WordsIndex>> Open(string words, FileStamp stamp)
    {
        var path = PathFor(words);
        return FileFaults.Catch<Option<WordsIndex>>(path, () =>
        {
            if (InputFile.Unreadable(path) is not null)
                return Option<WordsIndex>.None;
            var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete, options: FileOptions.RandomAccess);
            if (ReadSurvey(file) is { } survey && survey.Format == Format && survey.Stamp == stamp
                && new WordsIndex(file, survey) is var index && index.Fits(words))
                return Some(index);
            file.Dispose();
            return Option<WordsIndex>.None;
        });
    }

    /// <summary>Reads the survey in an index; null if the index is damaged.</summary>
    private static WordsSurvey? ReadSurvey(SafeFileHandle file)
    {
        var size = RandomAccess.GetLength(file);
        if (size < TrailerSize)
            return null;
        var trailer = new byte[TrailerSize];
        RandomAccess.Read(file, trailer, size - TrailerSize);
        var jsonSize = BinaryPrimitives.ReadInt32LittleEndian(trailer);
        var isWhole = HashOf(file, size - SHA256.HashSizeInBytes).AsSpan().SequenceEqual(trailer.AsSpan(sizeof(int)));
        if (!isWhole || jsonSize < 0 || jsonSize > size - TrailerSize)
            return null;
        var json = new byte[jsonSize];
        RandomAccess.Read(file, json, size - TrailerSize - jsonSize);
        try
        {
            return JsonSerializer.Deserialize(json, WordsSurveyJson.Default.WordsSurvey);
        }
        catch (JsonException)
        {
            return null; // another version
        }
    }

    /// <summary>Whether the index fits the words, as far as one can tell without reading them all; segments are checked as words are
    /// read from them. The hash proves nothing, because anybody can compute it.</summary>
    private bool Fits(string words) =>
        IsPlausible(Survey)
        && LastSegment is var last && AreAscending(last + 2)
        && Segment(0) is var first && CountWords(words, 0, first.Begin) == 0
        && Segment(last) is var final && final.End == Survey.Stamp.Size && CountWords(words, final.Begin, final.End) == final.Words;

    private bool AreAscending(long offsets)
    {
        var (bytes, last) = (new byte[1 << 16], -1L);
        for (var at = 0L; at < offsets; at += bytes.Length / OffsetSize)
        {
            var chunk = bytes.AsSpan(0, (int)Math.Min(bytes.Length, (offsets - at) * OffsetSize));
            if (RandomAccess.Read(_file, chunk, at * OffsetSize) < chunk.Length)
                return false;
            for (; chunk.Length > 0; chunk = chunk[OffsetSize..])
            {
                var offset = BinaryPrimitives.ReadInt64LittleEndian(chunk);
                if (offset <= last)
                    return false;
                last = offset;
            }
        }
        return true;
    }

    private static bool IsPlausible(WordsSurvey survey) =>
        survey is { Count: > 0, Stride: > 0 and <= WordsScan.MaxStride, Hash: not null, Elements: { IsDefault: false } elements }
        && survey.Count <= survey.Stamp.Size && survey.LongestIndex >= 0 && survey.LongestIndex < survey.Count && survey.LongestLength > 0
        && survey.LongestLine > survey.LongestIndex && survey.TotalLength >= survey.LongestLength && survey is { Composed: >= 0, Marks: >= 0 }
        && elements.All(element => element is not null) && elements.SequenceEqual(elements.Order(StringComparer.Ordinal))
        && Vocabulary.FromElements(elements).IsRight;

    /// <summary>The number of words in a range of bytes.</summary>
    private static long CountWords(string words, long begin, long end)
    {
        using var stream = InputFile.Open(words, FileOptions.SequentialScan);
        stream.Position = Math.Clamp(begin, 0, stream.Length);
        var (lines, count) = (new LineReader(stream, Words.MaxLineLength), 0L);
        while (lines.Read(out var line) && begin + lines.Offset < end)
            count += Words.Decode(line).Length > 0 ? 1 : 0;
        return count;
    }

    private static byte[] HashOf(SafeFileHandle file, long size)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        for (var offset = 0L; offset < size;)
        {
            var count = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, size - offset)), offset);
            if (count == 0)
                break;
            hash.AppendData(buffer, 0, count);
            offset += count;
        }
        return hash.GetHashAndReset();
    }

    private static Either<Fault, WordsIndex> Build(
        string path, SafeFileHandle words, FileStamp stamp, Action<long> progress)
    {
        Either<Fault, Unit> scanned = Unit.Default;
        var written = AtomicFile.WriteIf(PathFor(path), stream => (scanned = Write(stream, path, stamp, progress)).IsRight);
        return
            from _ in written.MapLeft(WithAdvice)
            from __ in scanned.In(path)
            from now in Stamp(path, words)
            from found in Open(path, now)
            from index in found.ToEither(() => Changed.In(path))
            select index;
    }

    private static Fault Changed => Fault.Of("changed while its index was built; try again when it is complete");

    private static Fault WithAdvice(Fault fault) => Fault.Of(
        $"{fault}; the index of a large words file is written next to it: link to the file from a writable folder");

    /// <summary>Reads the words once and writes their index.</summary>
    private static Either<Fault, Unit> Write(Stream stream, string path, FileStamp stamp, Action<long> progress)
    {
        using var words = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
        using var writtenHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var output = new BinaryWriter(new BufferedStream(new ObservedStream(stream, writtenHash.AppendData), 1 << 16));
        var source = new ObservedStream(words, _ => progress(words.Position));
        var stride = WordsScan.StrideFor(Head(path));
        return WordsScan.Run(source, stride, output.Write).Map(scan =>
        {
            output.Write(stamp.Size);
            var json = JsonSerializer.SerializeToUtf8Bytes(
                new(
                    Format, stamp, scan.Hash, scan.Count, stride, scan.Longest.Index, scan.Longest.Line, scan.Longest.Length,
                    scan.TotalLength, scan.Changes.Composed, scan.Changes.Marks, [.. scan.Elements]),
                WordsSurveyJson.Default.WordsSurvey);
            output.Write(json);
            output.Write(json.Length);
            output.Flush();
            stream.Write(writtenHash.GetHashAndReset());
            return Unit.Default;
        });
    }

    private static ReadOnlySpan<byte> Head(string path)
    {
        using var file = File.OpenHandle(path);
        var bytes = new byte[1 << 20];
        return bytes.AsSpan(0, RandomAccess.Read(file, bytes, 0));
    }
}
