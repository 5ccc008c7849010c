using LanguageExt;

namespace Makemore;

/// <summary>The maximum number of tokens that a model sees at once, T: a word and its start, or its stop.</summary>
public static class BlockSize
{
    /// <summary>The maximum block size that is chosen by default.</summary>
    public const int MaxDefault = 1024;

    /// <summary>The block size for words: the given one, or by default the length of the longest word plus 1, as in
    /// makemore.py.</summary>
    /// <param name="words">The words.</param>
    /// <param name="given">The block size to use.</param>
    /// <param name="vocabulary">The vocabulary; by default the tokens are text elements.</param>
    /// <returns>The block size, or the word that does not fit.</returns>
    public static Either<Fault, int> Of(IWords words, int? given = null, Vocabulary? vocabulary = null)
    {
        var (index, length) = vocabulary?.Pairs is null ? words.Longest() : Longest(words, vocabulary);
        if (length + 1 <= (given ?? MaxDefault))
            return given ?? length + 1;
        return new Fault.WordTooLong(
            words.Line(index), TextElements.Quote(words[index]), length, given, vocabulary?.Pairs is null).In(words.Source);
    }

    private static (long Index, int Length) Longest(IWords words, Vocabulary vocabulary)
    {
        var (longest, index, tokens) = ((Index: 0L, Length: 0), 0L, new int[64]);
        foreach (var word in words.All())
        {
            if (vocabulary.MaxTokens(word.Length) > tokens.Length)
                tokens = new int[vocabulary.MaxTokens(word.Length)];
            vocabulary.TryEncode(word, tokens, out var length);
            longest = length > longest.Length ? (index, length) : longest;
            index++;
        }
        return longest;
    }
}
