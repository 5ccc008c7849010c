namespace Makemore;

/// <summary>How near some words are to their nearest training word, by edit distance.</summary>
/// <param name="Counts">The number of words at distance 0, 1, …; the last count is of all words at
/// <see cref="Limit"/> or beyond.</param>
public sealed record NearestWords(IReadOnlyList<long> Counts)
{
    /// <summary>The distance from which on distances are not told apart.</summary>
    public const int Limit = 3;

    // The number of words in a task.
    private const int ChunkSize = 512;

    /// <summary>The number of words.</summary>
    public long Total => Counts.Sum();

    /// <summary>The number of words within a distance of a training word.</summary>
    public long CountWithin(int distance) => Counts.Take(distance + 1).Sum();

    /// <summary>The share of words within a distance of a training word; NaN if there are no words.</summary>
    public double ShareWithin(int distance) => (double)CountWithin(distance) / Total;

    /// <summary>Searches for the nearest training word of each word.</summary>
    /// <param name="words">The tokens of each word.</param>
    /// <param name="train">The training words.</param>
    public static NearestWords Of(IEnumerable<IReadOnlyList<int>> words, WordTrie train)
    {
        var chunks = words.Chunk(ChunkSize)
            .Select(chunk => Task.Run(() => Array.ConvertAll(chunk, word => train.Nearest(SameTokens.SpanOf(word), Limit))))
            .ToArray();
        var counts = new long[Limit + 1];
        foreach (var chunk in chunks)
            foreach (var distance in chunk.GetAwaiter().GetResult())
                counts[distance]++;
        return new(counts);
    }
}
