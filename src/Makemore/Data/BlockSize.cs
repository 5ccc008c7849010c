using LanguageExt;

namespace Makemore;

/// <summary>The maximum number of tokens that a model sees at once, T: a word and its start, or its stop.</summary>
public static class BlockSize
{
    /// <summary>The maximum block size that is chosen by default.</summary>
    public const int MaxDefault = 1024;

    /// <summary>The block size for words: the given one, or by default the length of the longest word plus 1, as in
    /// makemore.py.</summary>
    /// <returns>The block size, or the word that does not fit.</returns>
    public static Either<Fault, int> Of(IWords words, int? given = null)
    {
        var (index, length) = words.Longest();
        if (length + 1 <= (given ?? MaxDefault))
            return given ?? length + 1;
        return new Fault.WordTooLong(words.Line(index), TextElements.Quote(words[index]), length, given).In(words.Source);
    }
}
