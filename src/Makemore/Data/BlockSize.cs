using LanguageExt;

namespace Makemore;

/// <summary>How many tokens a model sees at once, T: a word and its start, or its stop.</summary>
public static class BlockSize
{
    /// <summary>The greatest block size that is taken without being asked for.</summary>
    public const int MaxDefault = 1024;

    /// <summary>The block size for words: the one given, otherwise the longest word's length + 1, as
    /// makemore.py's.</summary>
    /// <returns>The block size, or which word does not fit.</returns>
    public static Either<Fault, int> Of(IWords words, int? given = null)
    {
        var (index, length) = words.Longest();
        if (length + 1 <= (given ?? MaxDefault))
            return given ?? length + 1;
        return new Fault.WordTooLong(words.Line(index), TextElements.Quote(words[index]), length, given).In(words.Source);
    }
}
