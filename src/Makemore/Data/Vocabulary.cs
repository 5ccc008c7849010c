using System.Collections.Immutable;
using System.Text;
using LanguageExt;

namespace Makemore;

/// <summary>
/// The tokens of a set of words: 0 is both start and stop, 1 … <see cref="Size"/> − 1 are the words' text elements in ordinal
/// order. An accented letter or an emoji is one token, regardless of its number of code points.
/// </summary>
public sealed class Vocabulary : IEquatable<Vocabulary>
{
    /// <summary>The token before and after the tokens of a word.</summary>
    public const int Stop = 0;

    // The last one is no text element.
    private static readonly string[] StopSigns = [".", "∎", "<stop>"];

    private readonly int[] _ofAscii = new int[128];
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ofOthers;

    private Vocabulary(ImmutableArray<string> elements)
    {
        Elements = elements;
        StopSign = StopSigns.First(sign => !elements.Contains(sign));
        var others = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var token = 1; token < Size; token++)
            if (elements[token - 1] is [< (char)128 and var unit])
                _ofAscii[unit] = token;
            else
                others.Add(elements[token - 1], token);
        _ofOthers = others.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The text elements; the one at i has token i + 1.</summary>
    public ImmutableArray<string> Elements { get; }

    /// <summary>The number of tokens, V: the text elements and the stop.</summary>
    public int Size => Elements.Length + 1;

    /// <summary>The vocabulary of words: the sorted set of their text elements.</summary>
    public static Vocabulary Of(IWords words)
    {
        var elements = new TextElementSet();
        foreach (var word in words.All())
            elements.Add(word);
        return OfSorted(elements.Sorted());
    }

    /// <summary>The vocabulary of distinct text elements in ordinal order.</summary>
    internal static Vocabulary OfSorted(IEnumerable<string> elements) => new([.. elements]);

    /// <summary>The vocabulary with given <see cref="Elements"/>, as stored in a checkpoint.</summary>
    /// <returns>The vocabulary, or the element that is not a single text element or occurs twice.</returns>
    public static Either<Fault, Vocabulary> FromElements(IEnumerable<string> elements)
    {
        var all = elements.ToImmutableArray();
        if (all.FirstOrDefault(element => TextElements.Count(element) != 1) is { } odd)
            return Fault.Of($"the vocabulary's {TextElements.Quote(odd)} is not one character");
        var twice = all.CountBy(element => element, StringComparer.Ordinal).FirstOrDefault(pair => pair.Value > 1).Key;
        return twice is null
            ? new Vocabulary(all)
            : Fault.Of($"the vocabulary has {TextElements.Quote(twice)} twice");
    }

    /// <summary>The tokens of a word, without start and stop: of the word as it is, or else as words are read, in Unicode
    /// normalization form C.</summary>
    /// <returns>The tokens, or which text element has none.</returns>
    public Either<Fault, int[]> Encode(string word)
    {
        var read = Words.Normalize(word);
        return Tokens(word) ?? Tokens(read) ?? (Either<Fault, int[]>)Unknown(read);
    }

    /// <summary>Writes the tokens of a word, without start and stop.</summary>
    /// <param name="word">The word.</param>
    /// <param name="tokens">Receives the tokens; at least as long as the word has UTF-16 units.</param>
    /// <param name="count">The number of tokens written.</param>
    /// <returns>Whether every text element has a token.</returns>
    public bool TryEncode(ReadOnlySpan<char> word, Span<int> tokens, out int count)
    {
        for (count = 0; word.Length > 0; count++)
        {
            var length = TextElements.First(word);
            tokens[count] = Token(word[..length]);
            if (tokens[count] == Stop)
                return false;
            word = word[length..];
        }
        return true;
    }

    /// <summary>The word of some tokens, up to the first stop.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A token is not in 0 … V − 1.</exception>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        var stop = tokens.IndexOf(Stop);
        var word = new StringBuilder();
        foreach (var token in stop < 0 ? tokens : tokens[..stop])
            word.Append(Element(token));
        return word.ToString();
    }

    /// <summary>A sign for start and stop that is none of the text elements: a dot, if that is free.</summary>
    public string StopSign { get; }

    /// <summary>A token for display: its text element, visible (<see cref="Visible.Word"/>), or <see cref="StopSign"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The token is not in 0 … V − 1.</exception>
    public string Show(int token) => token == Stop ? StopSign : Visible.Word(Element(token));

    /// <summary>The word of some tokens for display: up to the first stop, and visible (<see cref="Visible.Word"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">A token is not in 0 … V − 1.</exception>
    public string Show(ReadOnlySpan<int> tokens) => Visible.Word(Decode(tokens));

    /// <summary>The text elements that another vocabulary lacks, for messages: the first ten in quotes, and how many more; empty if
    /// it has all.</summary>
    public string Beyond(Vocabulary other)
    {
        const int Shown = 10;
        var missing = Elements.Except(other.Elements, StringComparer.Ordinal).ToArray();
        return string.Join(' ', missing.Take(Shown).Select(element => TextElements.Quote(element)))
            + (missing.Length > Shown ? $" and {missing.Length - Shown} more" : "");
    }

    /// <summary>The tokens of the same text elements in another vocabulary, which has all of them.</summary>
    public IEnumerable<int> Translate(IEnumerable<int> tokens, Vocabulary other) =>
        tokens.Select(token => token == Stop ? Stop : other.Token(Elements[token - 1]));

    /// <summary>Whether both have the same text elements in the same order.</summary>
    public bool Equals(Vocabulary? other) => other is not null && Elements.SequenceEqual(other.Elements);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Vocabulary);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Size, Elements.FirstOrDefault(), Elements.LastOrDefault());

    /// <summary>The fault of a word with a text element that has no token.</summary>
    internal Fault Unknown(ReadOnlySpan<char> word)
    {
        var rest = word;
        while (Token(rest[..TextElements.First(rest)]) != Stop)
            rest = rest[TextElements.First(rest)..];
        var element = rest[..TextElements.First(rest)].ToString();
        var shown = Visible.IsHidden(element) ? Visible.Name(element) : TextElements.Quote(element);
        return Fault.Of($"{TextElements.Quote(word)} has {shown}, which is not in the vocabulary");
    }

    private int[]? Tokens(string word)
    {
        var tokens = new int[word.Length];
        return TryEncode(word, tokens, out var count) ? tokens[..count] : null;
    }

    private string Element(int token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, Size);
        return Elements[token - 1];
    }

    /// <summary>The token of a text element; the stop if it has none.</summary>
    private int Token(ReadOnlySpan<char> element) =>
        element is [< (char)128 and var unit] ? _ofAscii[unit]
        : _ofOthers.TryGetValue(element, out var token) ? token
        : Stop;
}
