using System.Buffers;

namespace Makemore;

/// <summary>The distinct text elements of some words.</summary>
internal sealed class TextElementSet
{
    private readonly bool[] _ascii = new bool[128];
    private readonly HashSet<string> _others = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _otherElements;

    public TextElementSet() => _otherElements = _others.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The bytes of the ASCII elements so far.</summary>
    public SearchValues<byte> AsciiBytes => SearchValues.Create([.. Ascii.Select(unit => (byte)unit)]);

    private IEnumerable<int> Ascii => Enumerable.Range(0, 128).Where(unit => _ascii[unit]);

    /// <summary>The elements in ordinal order.</summary>
    public IEnumerable<string> Sorted() =>
        Ascii.Select(unit => $"{(char)unit}").Concat(_others).Order(StringComparer.Ordinal);

    /// <summary>Adds the elements of a word.</summary>
    /// <returns>The number of elements in the word.</returns>
    public int Add(ReadOnlySpan<char> word)
    {
        var count = 0;
        for (; word.Length > 0; count++)
        {
            var element = word[..TextElements.First(word)];
            if (element is [< (char)128 and var unit])
                _ascii[unit] = true;
            else
                _otherElements.Add(element);
            word = word[element.Length..];
        }
        return count;
    }

    /// <summary>Adds the elements of an ASCII word, one per byte.</summary>
    public void AddAscii(ReadOnlySpan<byte> word)
    {
        foreach (var unit in word)
            _ascii[unit] = true;
    }
}
