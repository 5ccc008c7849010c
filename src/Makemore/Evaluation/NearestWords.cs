namespace Makemore;

/// <summary>How near some words are to their nearest training word, by edit distance.</summary>
/// <param name="Counts">How many words are at distance 0, 1, … ; the last count is of all that are further.</param>
public sealed record NearestWords(IReadOnlyList<long> Counts)
{
    /// <summary>The distance that stands for all beyond it.</summary>
    public const int Limit = 3;

    /// <summary>The number of words.</summary>
    public long Total => Counts.Sum();

    /// <summary>How many words are at most so far from a training word.</summary>
    public long CountWithin(int distance) => Counts.Take(distance + 1).Sum();

    /// <summary>The share of words that are at most so far from a training word; NaN where there are no words.</summary>
    public double ShareWithin(int distance) => (double)CountWithin(distance) / Total;

    /// <summary>The distances of words; equal words are looked up once.</summary>
    public static NearestWords Of(IEnumerable<Sample> words, WordTrie train)
    {
        var counts = new long[Limit + 1];
        foreach (var (word, times) in words.CountBy(word => word.Tokens, SameTokens.Comparer))
            counts[train.Nearest([.. word], Limit)] += times;
        return new(counts);
    }
}
