namespace Makemore;

/// <summary>How near some words are to their nearest training word, by edit distance.</summary>
/// <param name="Counts">How many words are at distance 0, 1, … ; the last count is of all that are further.</param>
public sealed record NearestWords(IReadOnlyList<long> Counts)
{
    /// <summary>The distance that stands for all beyond it.</summary>
    public const int Limit = 3;

    // What a thread takes at a time.
    private const int WordsAtOnce = 512;

    /// <summary>The number of words.</summary>
    public long Total => Counts.Sum();

    /// <summary>How many words are at most so far from a training word.</summary>
    public long CountWithin(int distance) => Counts.Take(distance + 1).Sum();

    /// <summary>The share of words that are at most so far from a training word; NaN where there are no words.</summary>
    public double ShareWithin(int distance) => (double)CountWithin(distance) / Total;

    /// <summary>The distances of words.</summary>
    public static NearestWords Of(IEnumerable<Sample> words, WordTrie train)
    {
        var chunks = words.Chunk(WordsAtOnce)
            .Select(chunk => Task.Run(() => Array.ConvertAll(chunk, word => train.Nearest(Sample.SpanOf(word.Tokens), Limit))))
            .ToArray();
        var counts = new long[Limit + 1];
        foreach (var chunk in chunks)
            foreach (var distance in chunk.GetAwaiter().GetResult())
                counts[distance]++;
        return new(counts);
    }
}
