using System.Runtime.InteropServices;

namespace Makemore;

/// <summary>How often each run of n tokens occurs in some words. A word is its tokens with the stop before it (for n above 1)
/// and after it (unless it was cut), so that how words begin and end counts too.</summary>
public sealed class NGramCounts
{
    /// <summary>The longest run that can be counted.</summary>
    public const int Longest = 4;

    private readonly Dictionary<Tokens, long> _counts;

    private NGramCounts(int n, Dictionary<Tokens, long> counts) => (N, _counts) = (n, counts);

    /// <summary>The number of tokens in a run.</summary>
    public int N { get; }

    /// <summary>The number of runs.</summary>
    public long Total => _counts.Values.Sum();

    /// <summary>The number of different runs.</summary>
    public int Distinct => _counts.Count;

    /// <summary>How often a run of n tokens occurs.</summary>
    public long this[params ReadOnlySpan<int> run]
    {
        get
        {
            var key = default(Tokens);
            foreach (var token in run)
                key = key.Then(token, run.Length);
            return run.Length == N ? _counts.GetValueOrDefault(key) : 0;
        }
    }

    /// <summary>Counts the runs of n tokens in words.</summary>
    /// <exception cref="ArgumentOutOfRangeException">n is not in 1 … <see cref="Longest"/>.</exception>
    public static NGramCounts Of(int n, IEnumerable<Sample> words)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, Longest);
        var counts = new Dictionary<Tokens, long>();
        foreach (var (tokens, isFinished) in words)
        {
            // The stop is token 0, so an empty window has it in front already: what counts is how many tokens were seen.
            var (window, seen) = (default(Tokens), Before(n));
            for (var t = 0; t < tokens.Count + After(isFinished); t++)
            {
                window = window.Then(t < tokens.Count ? tokens[t] : Vocabulary.Stop, n);
                if (++seen >= n)
                    CollectionsMarshal.GetValueRefOrAddDefault(counts, window, out _)++;
            }
        }
        return new(n, counts);
    }

    /// <summary>Counts the runs of each length.</summary>
    internal static NGramCounts[] OfAll(IReadOnlyCollection<Sample> words) =>
        [.. Enumerable.Range(1, Longest).Select(n => Of(n, words))];

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

    /// <summary>The number of stops in front of a word.</summary>
    private static int Before(int n) => n > 1 ? 1 : 0;

    /// <summary>The number of stops behind it.</summary>
    private static int After(bool isFinished) => isFinished ? 1 : 0;

    /// <summary>The relative entropy of these runs to the mean of both distributions, in bits.</summary>
    private double ToMiddle(NGramCounts other)
    {
        var (total, others, nats) = ((double)Total, (double)other.Total, 0.0);
        foreach (var (run, count) in _counts)
        {
            var (p, q) = (count / total, other._counts.GetValueOrDefault(run) / others);
            nats += p * DoubleFunctions.Log(2 * p / (p + q));
        }
        return nats / 0.693147180559945309;
    }

    /// <summary>The last tokens that were seen, at most four, 32 bits each.</summary>
    private readonly record struct Tokens(ulong Older, ulong Newer)
    {
        /// <summary>One more, of which only so many are kept.</summary>
        public Tokens Then(int token, int kept)
        {
            var (older, newer) = ((Older << 32) | (Newer >> 32), (Newer << 32) | (uint)token);
            return kept switch
            {
                1 => new(0, (uint)token),
                2 => new(0, newer),
                3 => new((uint)older, newer),
                _ => new(older, newer),
            };
        }

        public bool Equals(Tokens other) => Older == other.Older && Newer == other.Newer;

        // Multiplicative hashing: Knuth: "The Art of Computer Programming", volume 3, section 6.4.
        public override int GetHashCode() => (int)(((Older * 0x9E3779B97F4A7C15) ^ Newer) * 0xD1B54A32D192ED03 >> 32);
    }
}
