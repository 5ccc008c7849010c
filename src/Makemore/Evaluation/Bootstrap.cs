namespace Makemore;

/// <summary>What another draw of the words might have given: the words drawn anew from themselves, with replacement, many
/// times over.</summary>
/// <remarks>Efron, Tibshirani: "An introduction to the bootstrap", 1993, chapter 6 for the standard error, 13 for
/// percentiles.</remarks>
public static class Bootstrap
{
    /// <summary>The greatest number of units that are drawn one by one. More words than that are drawn in runs of equal
    /// length; words are in a random order, so the runs are as independent of each other as the words are.</summary>
    public const int MaxUnits = 10_000;

    /// <summary>The sum of the words' values over the sum of their tokens, for each of many draws of the words; a pure
    /// function of the key.</summary>
    /// <param name="words">A value of each word, in nats for a loss or a difference of losses, and its tokens.</param>
    /// <param name="key">The randomness.</param>
    /// <param name="replicates">How many draws.</param>
    /// <exception cref="ArgumentException">There are no words.</exception>
    public static double[] Ratios(IReadOnlyList<(double Value, int Tokens)> words, Key key, int replicates = 1000)
    {
        if (words.Count == 0)
            throw new ArgumentException("Bootstrap: there are no words to draw from.");
        var units = Runs(words);
        var (ratios, drawn) = (new double[replicates], new int[units.Length]);
        for (var replicate = 0; replicate < replicates; replicate++)
        {
            var (value, tokens) = (0.0, 0L);
            key.At(replicate).Below(units.Length, drawn);
            foreach (var unit in drawn)
                (value, tokens) = (value + units[unit].Value, tokens + units[unit].Tokens);
            ratios[replicate] = value / tokens;
        }
        return ratios;
    }

    /// <summary>The standard deviation of replicates, which is the standard error of what was replicated.</summary>
    public static double StandardError(IReadOnlyList<double> replicates)
    {
        var mean = replicates.Average();
        return Math.Sqrt(replicates.Sum(value => (value - mean) * (value - mean)) / (replicates.Count - 1));
    }

    /// <summary>The value that a share of the replicates, from 0 to 1, lies below: an end of a percentile interval.</summary>
    public static double Percentile(IReadOnlyList<double> replicates, double share) =>
        replicates.Order().ElementAt((int)Math.Min(replicates.Count - 1, share * replicates.Count));

    private static (double Value, long Tokens)[] Runs(IReadOnlyList<(double Value, int Tokens)> words)
    {
        var length = (words.Count + MaxUnits - 1) / MaxUnits;
        return [.. words.Chunk(length).Select(run => (run.Sum(word => word.Value), run.Sum(word => (long)word.Tokens)))];
    }
}
