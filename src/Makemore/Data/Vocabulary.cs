using System.Collections.Immutable;
using LanguageExt;

namespace Makemore;

/// <summary>
/// The tokens of a set of words: 0 is both start and stop, 1 … <see cref="Size"/> − 1 are what words are made of. That is their text
/// elements in ordinal order, where an accented letter or an emoji is one token, regardless of its number of code points; or bytes
/// and pairs of them (<see cref="BytePairs"/>), of which any word can be made.
/// </summary>
public abstract class Vocabulary : IEquatable<Vocabulary>
{
    /// <summary>The token before and after the tokens of a word.</summary>
    public const int Stop = 0;

    // The last one is not a single character.
    private static readonly string[] StopSigns = [".", "∎", "<stop>"];

    private readonly Lazy<string> _stopSign;

    private protected Vocabulary(ImmutableArray<string> elements)
    {
        Elements = elements;
        _stopSign = new(() => StopSigns.First(sign => !Enumerable.Range(1, Size - 1).Any(token => Text(token) == sign)));
    }

    /// <summary>What words are made of; the one at i has token i + 1. Bytes are written as in GPT-2's vocabulary: those that are
    /// printable in Latin-1 as themselves, and the n-th of the others as U+0100 + n.</summary>
    public ImmutableArray<string> Elements { get; }

    /// <summary>The number of tokens, V: what words are made of, and the stop.</summary>
    public int Size => Elements.Length + 1;

    /// <summary>What the tokens are; null for text elements.</summary>
    public virtual BytePairs? Pairs => null;

    /// <summary>What a token is called where it is not the stop: character, or token.</summary>
    public string Unit => Pairs is null ? "character" : "token";

    /// <summary>The vocabulary of words: the sorted set of their text elements.</summary>
    public static Vocabulary Of(IWords words)
    {
        var elements = new TextElementSet();
        foreach (var word in words.All())
            elements.Add(word);
        return OfSorted(elements.Sorted());
    }

    /// <summary>The vocabulary of the stop and all tokens of an encoding; token t of the encoding is t + 1.</summary>
    public static Vocabulary Of(BytePairs pairs) => new PieceVocabulary(pairs);

    /// <summary>The vocabulary of distinct text elements in ordinal order.</summary>
    internal static Vocabulary OfSorted(IEnumerable<string> elements) => new CharacterVocabulary([.. elements]);

    /// <summary>The vocabulary of text elements with given <see cref="Elements"/>, as stored in a checkpoint.</summary>
    /// <returns>The vocabulary, or the element that is not a single text element or occurs twice.</returns>
    public static Either<Fault, Vocabulary> FromElements(IEnumerable<string> elements)
    {
        var all = elements.ToImmutableArray();
        if (all.FirstOrDefault(element => TextElements.Count(element) != 1) is { } odd)
            return Fault.Of($"the vocabulary's {TextElements.Quote(odd)} is not one character");
        var twice = all.CountBy(element => element, StringComparer.Ordinal).FirstOrDefault(pair => pair.Value > 1).Key;
        return twice is null
            ? new CharacterVocabulary(all)
            : Fault.Of($"the vocabulary has {TextElements.Quote(twice)} twice");
    }

    /// <summary>The tokens of a word, without start and stop: as words are read, in Unicode normalization form C. In a vocabulary of
    /// text elements, those of the word as it is, if all of it has tokens.</summary>
    /// <returns>The tokens, or which text element has none.</returns>
    public Either<Fault, int[]> Encode(string word)
    {
        var read = Words.Normalize(word);
        // Bytes can spell any form, and a model has seen only the one that is read.
        return (Pairs is null ? Tokens(word) : null) ?? Tokens(read) ?? (Either<Fault, int[]>)Unknown(read);
    }

    /// <summary>Writes the tokens of a word, without start and stop.</summary>
    /// <param name="word">The word.</param>
    /// <param name="tokens">Receives the tokens; <see cref="MaxTokens"/> are enough.</param>
    /// <param name="count">The number of tokens written.</param>
    /// <returns>Whether everything in the word has a token.</returns>
    public abstract bool TryEncode(ReadOnlySpan<char> word, Span<int> tokens, out int count);

    /// <summary>Writes the tokens of a line of ASCII characters and its line feed.</summary>
    /// <param name="line">The line, without the line feed.</param>
    /// <param name="tokens">Receives the tokens; one per character are enough.</param>
    /// <param name="count">The number of tokens written.</param>
    /// <returns>Whether every character has a token.</returns>
    internal virtual bool TryEncodeLine(ReadOnlySpan<byte> line, Span<int> tokens, out int count) =>
        TryEncode(System.Text.Encoding.ASCII.GetString(line) + "\n", tokens, out count);

    /// <summary>The maximum number of tokens of a word with a number of UTF-16 units.</summary>
    public abstract int MaxTokens(int units);

    /// <summary>The word of some tokens, up to the first stop; bytes that are not UTF-8 become U+FFFD.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A token is not in 0 … V − 1.</exception>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        var stop = tokens.IndexOf(Stop);
        return Join(stop < 0 ? tokens : tokens[..stop]);
    }

    /// <summary>The text of a sequence of tokens as they come, in pieces that are whole characters; a stop has none.</summary>
    public abstract IEnumerable<string> Stream(IEnumerable<int> tokens);

    /// <summary>The number of bytes of a token in UTF-8; 1 for the stop, as a line feed has.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The token is not in 0 … V − 1.</exception>
    public abstract int ByteCount(int token);

    /// <summary>A sign for start and stop that is no other token: a dot, if that is free.</summary>
    public string StopSign => _stopSign.Value;

    /// <summary>A token for display: its text, visible (<see cref="Visible.Word"/>), or <see cref="StopSign"/>. A part of a
    /// character is shown as its bytes, such as &lt;C3&gt;.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The token is not in 0 … V − 1.</exception>
    public string Show(int token) => token == Stop ? StopSign : Visible.Word(Text(token));

    /// <summary>The word of some tokens for display: up to the first stop, and visible (<see cref="Visible.Word"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">A token is not in 0 … V − 1.</exception>
    public string Show(ReadOnlySpan<int> tokens) => Visible.Word(Decode(tokens));

    /// <summary>The text elements that another vocabulary lacks, for messages: the first ten in quotes, and how many more; empty if
    /// it has all.</summary>
    public abstract string Beyond(Vocabulary other);

    /// <summary>Some tokens in another vocabulary, of text elements.</summary>
    /// <returns>The tokens, and whether they are all: what the other vocabulary lacks is left out.</returns>
    public abstract (int[] Tokens, bool IsWhole) Translate(IReadOnlyList<int> tokens, Vocabulary other);

    /// <summary>The tokens that a word has when it is encoded, from any that it can be decoded from: there are several ways to put a
    /// word together from pieces, and words are compared by their tokens.</summary>
    public virtual IReadOnlyList<int> Canonical(IReadOnlyList<int> tokens) => tokens;

    /// <summary>Whether both have the same tokens.</summary>
    public bool Equals(Vocabulary? other) =>
        other is not null && Elements.SequenceEqual(other.Elements) && Equals(Pairs, other.Pairs);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Vocabulary);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Size, Elements.FirstOrDefault(), Elements.LastOrDefault());

    /// <summary>The fault of a word with a text element that has no token.</summary>
    internal abstract Fault Unknown(ReadOnlySpan<char> word);

    /// <summary>The text of tokens without a stop.</summary>
    private protected abstract string Join(ReadOnlySpan<int> tokens);

    /// <summary>The text of a token that is not the stop.</summary>
    private protected abstract string Text(int token);

    private int[]? Tokens(string word)
    {
        var tokens = new int[MaxTokens(word.Length)];
        return TryEncode(word, tokens, out var count) ? tokens[..count] : null;
    }
}
