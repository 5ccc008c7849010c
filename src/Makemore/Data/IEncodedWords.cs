namespace Makemore;

/// <summary>Words as tokens by index, wherever they are kept.</summary>
public interface IEncodedWords
{
    /// <summary>The number of words.</summary>
    long Count { get; }

    /// <summary>Whether they are at hand; otherwise each is fetched from a file when it is asked for.</summary>
    bool AreInMemory => true;

    /// <summary>The tokens of one word, without start and stop.</summary>
    ReadOnlySpan<int> this[long index] { get; }

    /// <summary>Writes the tokens of one word, without start and stop; what is behind them in the span may change too.</summary>
    /// <returns>How many there are.</returns>
    /// <exception cref="ArgumentException">There is not room enough.</exception>
    int Read(long index, Span<int> tokens) => Copy(this[index], tokens);

    /// <summary>Copies the tokens of a word to where there may be room for them.</summary>
    internal static int Copy(ReadOnlySpan<int> word, Span<int> tokens)
    {
        if (word.Length > tokens.Length)
            throw new ArgumentException($"Words: {word.Length} tokens do not fit where {tokens.Length} do.");
        word.CopyTo(tokens);
        return word.Length;
    }

    /// <summary>The first so many words, or all where there are fewer.</summary>
    IEncodedWords Take(int count) =>
        new ChosenWords(this, [.. Enumerable.Range(0, (int)Math.Min(count, Count)).Select(index => (long)index)]);

    /// <summary>The words at the indices that a condition holds for, in order.</summary>
    IEncodedWords Where(Func<long, bool> condition)
    {
        var indices = new List<long>();
        for (var index = 0L; index < Count; index++)
            if (condition(index))
                indices.Add(index);
        return new ChosenWords(this, [.. indices]);
    }

    /// <summary>Every token of every word with the one after it, word by word in whatever order is quickest to read; a
    /// word begins and ends with token 0.</summary>
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
