namespace Makemore;

/// <summary>The bootstrap: estimates the sampling error of a statistic by resampling the words with replacement.</summary>
/// <remarks>Efron, Tibshirani: "An introduction to the bootstrap", 1993, chapter 6 for the standard error, 13 for
/// percentiles.</remarks>
public static class Bootstrap
{
    /// <summary>The maximum number of units that are resampled. More words than that are resampled in blocks of equal length;
    /// words are in random order, so blocks are as independent as words.</summary>
    public const int MaxUnits = 10_000;

    /// <summary>The sum of the words' values divided by the sum of their tokens, for each resample of the words; a pure function
    /// of the key.</summary>
    /// <param name="words">A value of each word, such as a loss or a difference of losses in nats, and its number of
    /// tokens.</param>
    /// <param name="key">The randomness.</param>
    /// <param name="replicates">The number of resamples.</param>
    /// <exception cref="ArgumentException">There are no words.</exception>
    public static double[] Ratios(IReadOnlyList<(double Value, int Tokens)> words, Key key, int replicates = 1000)
    {
        if (words.Count == 0)
            throw new ArgumentException("Bootstrap: there are no words to resample.");
        var units = Blocks(words);
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

    /// <summary>The standard deviation of the replicates: the standard error of the statistic.</summary>
    public static double StandardError(IReadOnlyList<double> replicates)
    {
        var mean = replicates.Average();
        return Math.Sqrt(replicates.Sum(value => (value - mean) * (value - mean)) / (replicates.Count - 1));
    }

    /// <summary>A quantile of the replicates, the end of a percentile interval; the share is from 0 to 1.</summary>
    public static double Percentile(IReadOnlyList<double> replicates, double share) =>
        replicates.Order().ElementAt((int)Math.Min(replicates.Count - 1, share * replicates.Count));

    private static (double Value, long Tokens)[] Blocks(IReadOnlyList<(double Value, int Tokens)> words)
    {
        var length = (words.Count + MaxUnits - 1) / MaxUnits;
        return [.. words.Chunk(length).Select(block => (block.Sum(word => word.Value), block.Sum(word => (long)word.Tokens)))];
    }
}
