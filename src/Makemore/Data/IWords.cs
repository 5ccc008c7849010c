namespace Makemore;

/// <summary>Words by index, wherever they are kept: in memory, in a file, or in another order.</summary>
public interface IWords
{
    /// <summary>Where they come from, for messages: a file's name.</summary>
    string Source { get; }

    /// <summary>The number of words.</summary>
    long Count { get; }

    /// <summary>One word, trimmed and not empty.</summary>
    string this[long index] { get; }

    /// <summary>The line of the source that a word stands in, from 1. It is for messages: where words are kept in a file,
    /// the lines before are counted.</summary>
    long Line(long index);

    /// <summary>All words in order; where they are kept in a file, in one pass over it.</summary>
    IEnumerable<string> All()
    {
        for (var index = 0L; index < Count; index++)
            yield return this[index];
    }

    /// <summary>All words in whatever order is quickest to read; where they are kept in a file, in one pass over it.</summary>
    IEnumerable<string> InAnyOrder() => All();

    /// <summary>Every occurrence of some words, in whatever order is quickest to find; where they are kept in a file, in
    /// one pass over it that remembers nothing.</summary>
    IEnumerable<(long Index, string Word)> Find(IReadOnlySet<string> asked)
    {
        var index = 0L;
        foreach (var word in All())
        {
            if (asked.Contains(word))
                yield return (index, word);
            index++;
        }
    }

    /// <summary>The first of the longest words, and its length in text elements.</summary>
    (long Index, int Length) Longest()
    {
        var (longest, index) = ((Index: 0L, Length: 0), 0L);
        foreach (var word in All())
        {
            // A word has at most as many text elements as UTF-16 units, so most need no counting.
            if (word.Length > longest.Length && TextElements.Count(word) is var length && length > longest.Length)
                longest = (index, length);
            index++;
        }
        return longest;
    }

    /// <summary>The tokens of all words.</summary>
    Vocabulary ToVocabulary() => Vocabulary.Of(this);
}
