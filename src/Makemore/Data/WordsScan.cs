using System.Buffers;
using System.Text;
using System.Text.Unicode;
using LanguageExt;

namespace Makemore;

/// <summary>One pass over a file of words that checks it, counts it and finds its vocabulary, in little memory.</summary>
internal sealed class WordsScan
{
    /// <summary>The greatest number of words from one offset to the next.</summary>
    public const int MaxStride = 64;

    // Where lines are long, offsets are closer, so that few bytes have to be read for a word.
    private const int BytesAStride = 4096;

    private readonly LineReader _lines;
    private readonly bool[] _isAsciiFound = new bool[128];
    private readonly System.Collections.Generic.HashSet<string> _others = new(StringComparer.Ordinal);
    private readonly System.Collections.Generic.HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _otherElements;
    private SearchValues<byte> _asciiFound = SearchValues.Create(ReadOnlySpan<byte>.Empty);

    private WordsScan(LineReader lines) => (_lines, _otherElements) = (lines, _others.GetAlternateLookup<ReadOnlySpan<char>>());

    /// <summary>The number of words so far.</summary>
    public long Count { get; private set; }

    /// <summary>The first of the longest words so far, and its length in text elements.</summary>
    public (long Index, int Length) Longest { get; private set; }

    /// <summary>The text elements of the words so far.</summary>
    public IEnumerable<string> Elements =>
        Enumerable.Range(0, 128).Where(unit => _isAsciiFound[unit]).Select(unit => $"{(char)unit}").Concat(_others)
            .Order(StringComparer.Ordinal);

    /// <summary>Reads words to the end of a stream.</summary>
    /// <param name="stream">The contents of the file.</param>
    /// <param name="stride">How many words there are from one offset to the next.</param>
    /// <param name="mark">Takes the offset of the line of every word whose index the stride divides.</param>
    /// <returns>What was found, or the same fault that reading the file into memory would have.</returns>
    public static Either<Fault, WordsScan> Run(Stream stream, int stride, Action<long> mark)
    {
        var lines = new LineReader(stream, Words.LongestLine);
        var (scan, next) = (new WordsScan(lines), 0L);
        while (lines.Read(out var line))
        {
            if (!scan.Add(line))
                return Words.NotUtf8(lines);
            if (scan.Count <= next)
                continue;
            mark(lines.Offset);
            next += stride;
        }
        return lines.IsTooLong ? Words.TooLong(lines) : scan.Count == 0 ? Words.NoWords(lines) : scan;
    }

    /// <summary>The stride for a file that begins like this.</summary>
    public static int StrideFor(ReadOnlySpan<byte> beginning)
    {
        var meanLine = beginning.Length / (beginning.Count((byte)'\n') + 1);
        var stride = MaxStride;
        while (stride > 1 && stride * meanLine > BytesAStride)
            stride /= 2;
        return stride;
    }

    /// <summary>Takes a line; whether it is UTF-8. Most lines have only bytes that were met before, which is quick to
    /// see.</summary>
    private bool Add(ReadOnlySpan<byte> line)
    {
        var word = line[Ascii.Trim(line)];
        if (!word.ContainsAnyExcept(_asciiFound))
            AddLength(word.Length);
        else if (Ascii.IsValid(word))
            AddAscii(word);
        else if (Utf8.IsValid(line))
            AddText(Words.Decode(line, _lines.Offset == 0));
        else
            return false;
        return true;
    }

    /// <summary>Each byte is a text element.</summary>
    private void AddAscii(ReadOnlySpan<byte> word)
    {
        foreach (var unit in word)
            _isAsciiFound[unit] = true;
        _asciiFound = SearchValues.Create([.. Enumerable.Range(0, 128).Where(unit => _isAsciiFound[unit]).Select(unit => (byte)unit)]);
        AddLength(word.Length);
    }

    private void AddText(ReadOnlySpan<char> word)
    {
        var length = 0;
        for (; word.Length > 0; length++)
        {
            var element = word[..TextElements.First(word)];
            if (element is [< (char)128 and var unit])
                _isAsciiFound[unit] = true;
            else
                _otherElements.Add(element);
            word = word[element.Length..];
        }
        AddLength(length);
    }

    private void AddLength(int length)
    {
        if (length == 0)
            return;
        if (length > Longest.Length)
            Longest = (Count, length);
        Count++;
    }
}
