using System.Globalization;
using LanguageExt;

namespace Makemore;

/// <summary>What the tokens of a vocabulary are: characters (text elements), bytes, or byte pairs.</summary>
public sealed record TokenKind
{
    /// <summary>The maximum number of words that byte pairs are learned from.</summary>
    public const int MaxLearned = 1_000_000;

    private const string PairsPrefix = "bpe:";

    private TokenKind(int? size) => Size = size;

    /// <summary>Every text element is a token.</summary>
    public static TokenKind Characters { get; } = new((int?)null);

    /// <summary>Every byte of UTF-8 is a token.</summary>
    public static TokenKind Bytes { get; } = new(BytePairs.Bytes + 1);

    /// <summary>The number of tokens, the stop included; null if the text determines it.</summary>
    public int? Size { get; }

    /// <summary>The kind of a vocabulary.</summary>
    public static TokenKind Of(Vocabulary vocabulary) => vocabulary.Pairs is null ? Characters : new(vocabulary.Size);

    /// <summary>Parses <c>characters</c>, <c>bytes</c>, or <c>bpe:N</c> for byte pairs in a vocabulary of N tokens: the stop, the 256
    /// bytes, and N − 257 pairs.</summary>
    public static Either<Fault, TokenKind> Parse(string text) => text switch
    {
        "characters" => Characters,
        "bytes" => Bytes,
        _ when text.StartsWith(PairsPrefix, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(PairsPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            && size > BytePairs.Bytes + 1 => new TokenKind(size),
        _ => Fault.Of($"give characters, bytes, or {PairsPrefix}N for a vocabulary of N tokens, more than the {BytePairs.Bytes + 1} of bytes"),
    };

    /// <summary>The vocabulary of this kind for some words.</summary>
    /// <param name="words">All words.</param>
    /// <param name="train">The training words, from which byte pairs are learned: of more than <see cref="MaxLearned"/> the first
    /// ones.</param>
    public Either<Fault, Vocabulary> Of(IWords words, IWords train) => Of(words.ToVocabulary, () => First(train));

    /// <summary>The vocabulary of this kind.</summary>
    /// <param name="characters">Makes that of characters.</param>
    /// <param name="train">Reads the texts from which byte pairs are learned.</param>
    internal Either<Fault, Vocabulary> Of(Func<Vocabulary> characters, Func<IEnumerable<string>> train)
    {
        if (Size is not { } size)
            return characters();
        var pairs = size == Bytes.Size ? BytePairs.None : BytePairs.Learn(train(), size - Bytes.Size!.Value);
        return pairs.Size + 1 == size ? Vocabulary.Of(pairs) : new Fault.TooFewPairs(size, pairs.Size + 1);
    }

    /// <summary>The format of <see cref="Parse"/>.</summary>
    public override string ToString() =>
        Size is not { } size ? "characters" : size == Bytes.Size ? "bytes" : string.Create(CultureInfo.InvariantCulture, $"{PairsPrefix}{size}");

    /// <summary>The words that byte pairs are learned from.</summary>
    internal static IEnumerable<string> First(IWords train) =>
        train.Count <= MaxLearned ? train.InAnyOrder() : train.All().Take(MaxLearned);
}
