using LanguageExt;

namespace Makemore;

/// <summary>Words by index: in memory, in a file, or permuted.</summary>
public interface IWords
{
    /// <summary>The source of the words for messages, such as a file name.</summary>
    string Source { get; }

    /// <summary>The number of words.</summary>
    long Count { get; }

    /// <summary>What reading changed in the words.</summary>
    TextChanges Changes => default;

    /// <summary>One word, trimmed and not empty.</summary>
    string this[long index] { get; }

    /// <summary>The line of a word in its source, from 1. Meant for messages: in a file, the lines before it are
    /// counted.</summary>
    long Line(long index);

    /// <summary>Nothing, or that the source has changed since it was opened.</summary>
    Either<Fault, Unit> Unchanged() => Unit.Default;

    /// <summary>All words in order; in a file, in one pass.</summary>
    IEnumerable<string> All()
    {
        for (var index = 0L; index < Count; index++)
            yield return this[index];
    }

    /// <summary>All words in the order that is fastest to read; in a file, in one pass.</summary>
    IEnumerable<string> InAnyOrder() => All();

    /// <summary>All occurrences of some words, in the order that is fastest to find them; in a file, in one pass.</summary>
    IEnumerable<(long Index, string Word)> Find(IReadOnlySet<string> words)
    {
        var index = 0L;
        foreach (var word in All())
        {
            if (words.Contains(word))
                yield return (index, word);
            index++;
        }
    }

    /// <summary>The first of the longest words and its length in text elements.</summary>
    (long Index, int Length) Longest()
    {
        var (longest, index) = ((Index: 0L, Length: 0), 0L);
        foreach (var word in All())
        {
            // A word has at most as many text elements as UTF-16 units, so most need not be counted.
            if (word.Length > longest.Length && TextElements.Count(word) is var length && length > longest.Length)
                longest = (index, length);
            index++;
        }
        return longest;
    }

    /// <summary>The SHA-256 of the words in order, each in UTF-8 and followed by a line feed: the same for every file of these
    /// words, whatever its line ends.</summary>
    string Hash => WordsHash.Of(this);

    /// <summary>The number of text elements of all words.</summary>
    long TotalLength() => All().Sum(word => (long)TextElements.Count(word));

    /// <summary>The vocabulary of all words.</summary>
    Vocabulary ToVocabulary() => Vocabulary.Of(this);
}
