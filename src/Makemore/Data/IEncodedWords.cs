namespace Makemore;

/// <summary>Encoded words by index, in memory or not.</summary>
public interface IEncodedWords
{
    /// <summary>The number of words.</summary>
    long Count { get; }

    /// <summary>Whether the words are in memory; otherwise each is read from a file on demand.</summary>
    bool AreInMemory => true;

    /// <summary>The tokens of one word, without start and stop.</summary>
    ReadOnlySpan<int> this[long index] { get; }

    /// <summary>Writes the tokens of one word, without start and stop. The rest of the span may be overwritten.</summary>
    /// <returns>The number of tokens.</returns>
    /// <exception cref="ArgumentException">The span is too short.</exception>
    int Read(long index, Span<int> tokens) => Copy(this[index], tokens);

    /// <summary>Copies the tokens of a word to a span that may be too short.</summary>
    internal static int Copy(ReadOnlySpan<int> word, Span<int> tokens)
    {
        if (word.Length > tokens.Length)
            throw new ArgumentException($"Words: {word.Length} tokens do not fit into a span of {tokens.Length}.");
        word.CopyTo(tokens);
        return word.Length;
    }

    /// <summary>The first tokens of one word, without start and stop.</summary>
    int[] Beginning(long index, int max)
    {
        var word = this[index];
        return word[..Math.Min(max, word.Length)].ToArray();
    }

    /// <summary>The first <paramref name="count"/> words, or all if there are fewer.</summary>
    IEncodedWords Take(int count) =>
        new SelectedWords(this, [.. Enumerable.Range(0, (int)Math.Min(count, Count)).Select(index => (long)index)]);

    /// <summary>The words whose index meets a condition, in order.</summary>
    IEncodedWords Where(Func<long, bool> condition)
    {
        var indices = new List<long>();
        for (var index = 0L; index < Count; index++)
            if (condition(index))
                indices.Add(index);
        return new SelectedWords(this, [.. indices]);
    }

    /// <summary>All pairs of consecutive tokens, word by word in the order that is fastest to read. A word starts and ends with
    /// token 0.</summary>
    IEnumerable<(int From, int To)> Pairs()
    {
        for (var index = 0L; index < Count; index++)
        {
            var from = Vocabulary.Stop;
            foreach (var to in this[index].ToArray().Append(Vocabulary.Stop))
            {
                yield return (from, to);
                from = to;
            }
        }
    }
}
