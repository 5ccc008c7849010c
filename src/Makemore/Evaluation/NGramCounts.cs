namespace Makemore;

/// <summary>How often each run of n tokens occurs in some words. A word is its tokens with the stop before it (for n above 1)
/// and after it (unless it was cut), so that how words begin and end counts too.</summary>
public sealed class NGramCounts
{
    /// <summary>The longest run that can be counted.</summary>
    public const int Longest = 4;

    // What stands in both tables at one number belongs to one run; counts of other words may share the numbers.
    private readonly NGramNumbers _numbers;
    private readonly long[] _counts;

    internal NGramCounts(int n, NGramNumbers numbers, long[] counts)
    {
        (N, _numbers, _counts) = (n, numbers, counts);
        foreach (var count in counts)
            (Total, Distinct) = (Total + count, Distinct + (count > 0 ? 1 : 0));
    }

    /// <summary>The number of tokens in a run.</summary>
    public int N { get; }

    /// <summary>The number of runs.</summary>
    public long Total { get; }

    /// <summary>The number of different runs.</summary>
    public int Distinct { get; }

    /// <summary>How often a run of n tokens occurs.</summary>
    public long this[params ReadOnlySpan<int> run]
    {
        get
        {
            var key = default(NGram);
            foreach (var token in run)
                key = key.Then(token, NGram.Mask(N));
            return run.Length == N ? CountOf(key) : 0;
        }
    }

    /// <summary>Counts the runs of n tokens in words.</summary>
    /// <exception cref="ArgumentOutOfRangeException">n is not in 1 … <see cref="Longest"/>.</exception>
    public static NGramCounts Of(int n, IReadOnlyCollection<Sample> words) => new NGramRuns(n, words).Counts;

    /// <summary>How far the runs of one set of words are distributed otherwise than another's, in bits: the Jensen-Shannon
    /// divergence, 0 where they are the same, 1 where no run occurs in both, symmetric.</summary>
    /// <remarks>Lin: "Divergence measures based on the Shannon entropy", 1991, equation 4.1 with equal weights.</remarks>
    /// <exception cref="ArgumentException">The runs have different lengths, or there are none in one of them.</exception>
    public static double Divergence(NGramCounts first, NGramCounts second)
    {
        if (first.N != second.N || first.Distinct == 0 || second.Distinct == 0)
            throw new ArgumentException(
                $"Divergence: {first.Distinct} runs of {first.N} tokens cannot be compared with {second.Distinct} of {second.N}.");
        return 0.5 * (first.ToMiddle(second) + second.ToMiddle(first));
    }

    /// <summary>The relative entropy of these runs to the mean of both distributions, in bits.</summary>
    private double ToMiddle(NGramCounts other)
    {
        var (counts, otherCounts) = (_counts, other.Aligned(_numbers));
        var (total, others, nats) = ((double)Total, (double)other.Total, 0.0);
        for (var number = 0; number < counts.Length; number++)
        {
            if (counts[number] == 0)
                continue;
            var (p, q) = (counts[number] / total, otherCounts[number] / others);
            nats += p * DoubleFunctions.Log(2 * p / (p + q));
        }
        return nats / 0.693147180559945309;
    }

    /// <summary>The counts by the numbers that others give to the runs.</summary>
    private long[] Aligned(NGramNumbers numbers)
    {
        if (ReferenceEquals(numbers, _numbers))
            return _counts;
        var counts = new long[numbers.Count];
        for (var number = 0; number < counts.Length; number++)
            counts[number] = CountOf(numbers.Runs[number]);
        return counts;
    }

    private long CountOf(NGram run) => _numbers.Find(run) is >= 0 and var number ? _counts[number] : 0;
}
