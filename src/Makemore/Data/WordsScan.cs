using System.Buffers;
using System.Text;
using LanguageExt;

namespace Makemore;

/// <summary>A pass over a file of words that checks it, counts the words and collects the vocabulary, in little memory.</summary>
internal sealed class WordsScan
{
    /// <summary>The maximum number of words between two indexed offsets.</summary>
    public const int MaxStride = 64;

    // Long lines have closer offsets, so that few bytes are read for a word.
    private const int BytesPerStride = 4096;

    private readonly LineReader _lines;
    private readonly TextElementSet _elements = new();
    private readonly WordsHash _hash = new();
    private SearchValues<byte> _knownBytes = SearchValues.Create(ReadOnlySpan<byte>.Empty);

    private TextChanges _changes;

    private WordsScan(LineReader lines) => _lines = lines;

    /// <summary>The number of words so far.</summary>
    public long Count { get; private set; }

    /// <summary>The first of the longest words so far, its line, and its length in text elements.</summary>
    public (long Index, long Line, int Length) Longest { get; private set; }

    /// <summary>The number of text elements of the words so far.</summary>
    public long TotalLength { get; private set; }

    /// <summary>The hash of the words so far.</summary>
    public string Hash => _hash.ToHex();

    /// <summary>What reading changed in the words so far.</summary>
    public TextChanges Changes => _changes;

    /// <summary>The text elements of the words so far.</summary>
    public IEnumerable<string> Elements => _elements.Sorted();

    /// <summary>Reads words to the end of a stream.</summary>
    /// <param name="stream">The contents of the file.</param>
    /// <param name="stride">The number of words between two indexed offsets.</param>
    /// <param name="mark">Receives the offset of the line of every stride-th word.</param>
    /// <returns>What was found, or the fault that reading the file into memory gives.</returns>
    public static Either<Fault, WordsScan> Run(Stream stream, int stride, Action<long> mark)
    {
        var lines = new LineReader(stream, Words.MaxLineLength);
        var (scan, next) = (new WordsScan(lines), 0L);
        while (lines.Read(out var line))
        {
            if (scan.Add(line) is { } wrong)
                return wrong;
            if (scan.Count <= next)
                continue;
            mark(lines.Offset);
            next += stride;
        }
        return Words.Unusable(lines, scan.Count) is { } fault ? fault : scan;
    }

    /// <summary>The stride for a file with this beginning.</summary>
    public static int StrideFor(ReadOnlySpan<byte> head)
    {
        var meanLine = head.Length / (head.Count((byte)'\n') + 1);
        var stride = MaxStride;
        while (stride > 1 && stride * meanLine > BytesPerStride)
            stride /= 2;
        return stride;
    }

    /// <summary>Adds the word in a line; returns what is wrong with the line, if anything. Most lines have only known bytes, which
    /// takes one vectorized search to see.</summary>
    private Fault? Add(ReadOnlySpan<byte> line)
    {
        var word = line[Ascii.Trim(line)];
        if (!word.ContainsAnyExcept(_knownBytes))
            Add(word, word.Length);
        else if (EncodingFaults.Of(_lines, line) is { } fault)
            return fault;
        else if (Ascii.IsValid(word))
        {
            _elements.AddAscii(word);
            _knownBytes = _elements.AsciiBytes;
            Add(word, word.Length);
        }
        else
        {
            var text = Words.Decode(line, _lines.Offset == 0, ref _changes);
            Add(Encoding.UTF8.GetBytes(text), _elements.Add(text));
        }
        return null;
    }

    private void Add(ReadOnlySpan<byte> word, int length)
    {
        if (length == 0)
            return;
        _hash.Add(word);
        if (length > Longest.Length)
            Longest = (Count, _lines.Number, length);
        TotalLength += length;
        Count++;
    }
}
