namespace Makemore;

/// <summary>How often each n-gram occurs in some words.</summary>
public sealed class NGramCounts
{
    /// <summary>The largest n.</summary>
    public const int MaxN = 4;

    // Indexed by id; counts of other words may share the ids.
    private readonly NGramIds _ids;
    private readonly long[] _counts;

    internal NGramCounts(int n, NGramIds ids, long[] counts)
    {
        (N, _ids, _counts) = (n, ids, counts);
        foreach (var count in counts)
            (Total, Distinct) = (Total + count, Distinct + (count > 0 ? 1 : 0));
    }

    /// <summary>The number of tokens in an n-gram.</summary>
    public int N { get; }

    /// <summary>The number of n-grams.</summary>
    public long Total { get; }

    /// <summary>The number of distinct n-grams.</summary>
    public int Distinct { get; }

    /// <summary>How often an n-gram occurs.</summary>
    public long this[params ReadOnlySpan<int> tokens]
    {
        get
        {
            var nGram = default(NGram);
            foreach (var token in tokens)
                nGram = nGram.Append(token, NGram.Mask(N));
            return tokens.Length == N ? CountOf(nGram) : 0;
        }
    }

    /// <summary>Counts the n-grams of words. For n above 1 each word has the start token in front, so that the beginnings of
    /// words count too.</summary>
    /// <param name="n">The number of tokens in an n-gram.</param>
    /// <param name="words">The tokens of each word, the stop included unless the word was cut.</param>
    /// <exception cref="ArgumentOutOfRangeException">n is not in 1 … <see cref="MaxN"/>.</exception>
    public static NGramCounts Of(int n, IReadOnlyCollection<int[]> words) => new NGramSequences(n, words).Counts;

    /// <summary>The Jensen-Shannon divergence of two distributions of n-grams, in bits: 0 if they are equal, 1 if they have no
    /// n-gram in common; symmetric.</summary>
    /// <remarks>Lin: "Divergence measures based on the Shannon entropy", 1991, equation 4.1 with equal weights.</remarks>
    /// <exception cref="ArgumentException">The values of n differ, or one side has no n-grams.</exception>
    public static double Divergence(NGramCounts first, NGramCounts second)
    {
        if (first.N != second.N || first.Distinct == 0 || second.Distinct == 0)
            throw new ArgumentException(
                $"Divergence: {first.Distinct} {first.N}-grams cannot be compared with {second.Distinct} {second.N}-grams.");
        return 0.5 * (first.RelativeEntropy(second) + second.RelativeEntropy(first));
    }

    /// <summary>The relative entropy of this distribution with respect to the mean of both, in bits.</summary>
    private double RelativeEntropy(NGramCounts other)
    {
        var (counts, otherCounts) = (_counts, other.AlignedTo(_ids));
        var (total, otherTotal, nats) = ((double)Total, (double)other.Total, 0.0);
        for (var id = 0; id < counts.Length; id++)
        {
            if (counts[id] == 0)
                continue;
            var (p, q) = (counts[id] / total, otherCounts[id] / otherTotal);
            nats += p * DoubleFunctions.Log(2 * p / (p + q));
        }
        return nats / DoubleFunctions.Ln2;
    }

    /// <summary>The counts, indexed by other ids.</summary>
    private long[] AlignedTo(NGramIds ids)
    {
        if (ReferenceEquals(ids, _ids))
            return _counts;
        var counts = new long[ids.Count];
        for (var id = 0; id < counts.Length; id++)
            counts[id] = CountOf(ids.NGrams[id]);
        return counts;
    }

    private long CountOf(NGram nGram) => _ids.Find(nGram) is >= 0 and var id ? _counts[id] : 0;
}
