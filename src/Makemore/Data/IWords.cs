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

    /// <summary>The line of the source that a word stands in, from 1.</summary>
    long Line(long index);

    /// <summary>All words in order; where they are kept in a file, in one pass over it.</summary>
    IEnumerable<string> All()
    {
        for (var index = 0L; index < Count; index++)
            yield return this[index];
    }
}
