using System.Collections.Immutable;
using System.Text;

namespace Makemore;

/// <summary>A vocabulary of text elements.</summary>
internal sealed class CharacterVocabulary : Vocabulary
{
    private readonly int[] _ofAscii = new int[128];
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ofOthers;

    public CharacterVocabulary(ImmutableArray<string> elements)
        : base(elements)
    {
        var others = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var token = 1; token < Size; token++)
            if (elements[token - 1] is [< (char)128 and var unit])
                _ofAscii[unit] = token;
            else
                others.Add(elements[token - 1], token);
        _ofOthers = others.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <inheritdoc/>
    public override bool TryEncode(ReadOnlySpan<char> word, Span<int> tokens, out int count)
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

    /// <inheritdoc/>
    internal override bool TryEncodeLine(ReadOnlySpan<byte> line, Span<int> tokens, out int count)
    {
        count = line.Length + 1;
        var ofAscii = _ofAscii;
        var written = tokens[..count];
        for (var i = 0; i < line.Length; i++)
            written[i] = ofAscii[line[i] & 127];
        written[^1] = ofAscii['\n'];
        return !written.Contains(Stop);
    }

    /// <inheritdoc/>
    public override int MaxTokens(int units) => units;

    /// <inheritdoc/>
    public override IEnumerable<string> Stream(IEnumerable<int> tokens) => tokens.Where(token => token != Stop).Select(Text);

    /// <inheritdoc/>
    public override int ByteCount(int token) => token == Stop ? 1 : Encoding.UTF8.GetByteCount(Text(token));

    /// <inheritdoc/>
    public override string Beyond(Vocabulary other)
    {
        const int Shown = 10;
        if (other is not CharacterVocabulary)
            return "";
        var missing = Elements.Except(other.Elements, StringComparer.Ordinal).ToArray();
        return string.Join(' ', missing.Take(Shown).Select(element => TextElements.Quote(element)))
            + (missing.Length > Shown ? $" and {missing.Length - Shown} more" : "");
    }

    /// <inheritdoc/>
    public override (int[] Tokens, bool IsWhole) Translate(IReadOnlyList<int> tokens, Vocabulary other) =>
        ((CharacterVocabulary)other).TokensOf(tokens.Select(token => token == Stop ? null : Text(token)));

    /// <summary>The tokens of text elements, without those that have none; null is the stop.</summary>
    public (int[] Tokens, bool IsWhole) TokensOf(IEnumerable<string?> elements)
    {
        var (tokens, isWhole) = (new List<int>(), true);
        foreach (var element in elements)
            if (element is null || Token(element) != Stop)
                tokens.Add(element is null ? Stop : Token(element));
            else
                isWhole = false;
        return ([.. tokens], isWhole);
    }

    /// <inheritdoc/>
    internal override Fault Unknown(ReadOnlySpan<char> word)
    {
        var rest = word;
        while (Token(rest[..TextElements.First(rest)]) != Stop)
            rest = rest[TextElements.First(rest)..];
        var element = rest[..TextElements.First(rest)].ToString();
        var shown = Visible.IsHidden(element) ? Visible.Name(element) : TextElements.Quote(element);
        return Fault.Of($"{TextElements.Quote(word)} has {shown}, which is not in the vocabulary");
    }

    private protected override string Join(ReadOnlySpan<int> tokens)
    {
        var word = new StringBuilder();
        foreach (var token in tokens)
            word.Append(Text(token));
        return word.ToString();
    }

    private protected override string Text(int token)
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
