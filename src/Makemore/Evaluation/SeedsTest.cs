namespace Makemore;

/// <summary>The difference between the losses of two settings, each trained with several seeds and measured on the same words, and
/// whether it is statistically significant: it has to be larger than what other seeds and other words would make it.</summary>
/// <remarks>
/// The variance of the difference is that of the mean over the seeds of each setting plus that of the mean over the words, with the
/// degrees of freedom of Satterthwaite: "An approximate distribution of estimates of variance components", 1946, rounded down. For
/// two random factors, people and words, this is Clark: "The language-as-fixed-effect fallacy", 1973; the variance within a seed and
/// a word counts in both terms, so that the test errs on the side of caution. A bootstrap over words and seeds does not: of three
/// seeds it sees two thirds of their variance, and it has no t distribution's tails.
/// </remarks>
/// <param name="Nats">The first setting's mean loss minus the second's, in nats per token; negative if the first is better.</param>
/// <param name="StandardError">The standard error over seeds and words; over words alone if a setting has one seed.</param>
/// <param name="P">The two-sided p-value; null if a setting has one seed, or if a loss is not finite.</param>
public sealed record SeedsTest(double Nats, double StandardError, double? P)
{
    private const double Level = 0.05;

    /// <summary>Whether the difference is significant at the 5% level.</summary>
    public bool IsSignificant => P < Level;

    /// <summary>Compares two settings.</summary>
    /// <param name="first">The first setting's losses: for each seed, the nats and the number of tokens of each word.</param>
    /// <param name="second">The second setting's losses.</param>
    /// <exception cref="ArgumentException">They are not of the same words.</exception>
    public static SeedsTest Of(
        IReadOnlyList<IReadOnlyList<(double Nats, int Tokens)>> first, IReadOnlyList<IReadOnlyList<(double Nats, int Tokens)>> second)
    {
        if (first.Concat(second).Any(run => !run.Select(word => word.Tokens).SequenceEqual(first[0].Select(word => word.Tokens))))
            throw new ArgumentException("SeedsTest: the runs were not evaluated on the same words.");
        var words = LossSummary.Of(first[0].Select((word, i) => (Mean(first, i) - Mean(second, i), word.Tokens)));
        (double Variance, int Degrees)[] parts =
            [OverSeeds(first), OverSeeds(second), (words.StandardError * words.StandardError, first[0].Count - 1)];
        var variance = parts.Where(part => part.Degrees > 0).Sum(part => part.Variance);
        return new(words.Nats, Math.Sqrt(variance), Probability(words.Nats, variance, parts));
    }

    /// <summary>The difference of each setting from the one with the lowest mean loss, which has none itself. Which one is the lowest is
    /// seen in the losses, so the p-values are corrected for the number of all pairs.</summary>
    /// <remarks>Holm: "A simple sequentially rejective multiple test procedure", 1979.</remarks>
    /// <param name="settings">For each setting and seed, the nats and the number of tokens of each word.</param>
    public static IReadOnlyList<SeedsTest?> AgainstLowest(
        IReadOnlyList<IReadOnlyList<IReadOnlyList<(double Nats, int Tokens)>>> settings)
    {
        var pairs = (
            from i in Enumerable.Range(0, settings.Count)
            from j in Enumerable.Range(0, settings.Count)
            where i < j
            select (First: i, Second: j, Test: Of(settings[i], settings[j]))).OrderBy(pair => pair.Test.P ?? 2).ToArray();
        var (found, largest) = (new SeedsTest?[settings.Count, settings.Count], 0.0);
        var tested = pairs.Count(pair => pair.Test.P is not null);
        for (var i = 0; i < pairs.Length; i++)
        {
            var (first, second, test) = pairs[i];
            largest = Math.Max(largest, Math.Min(1, (test.P ?? 1) * (tested - i)));
            var corrected = test with { P = test.P is null ? null : largest };
            found[first, second] = corrected;
            found[second, first] = corrected with { Nats = -corrected.Nats };
        }
        var lowest = Enumerable.Range(0, settings.Count).OrderBy(i =>
            settings[i].Average(run => LossSummary.Of(run).Nats) is var mean && double.IsNaN(mean) ? double.PositiveInfinity : mean).FirstOrDefault();
        return [.. Enumerable.Range(0, settings.Count).Select(i => found[i, lowest])];
    }

    private static double? Probability(double nats, double variance, (double Variance, int Degrees)[] parts)
    {
        if (parts.Any(part => part.Degrees == 0) || !double.IsFinite(nats))
            return null;
        if (nats == 0)
            return 1;
        var degrees = variance * variance / parts.Sum(part => part.Variance * part.Variance / part.Degrees);
        return variance == 0 ? 0 : StudentT.TwoSided(nats / Math.Sqrt(variance), Math.Max(1, (int)degrees));
    }

    /// <summary>The variance of the mean over seeds, and its degrees of freedom.</summary>
    private static (double Variance, int Degrees) OverSeeds(IReadOnlyList<IReadOnlyList<(double Nats, int Tokens)>> runs)
    {
        double[] losses = [.. runs.Select(run => LossSummary.Of(run).Nats)];
        var mean = losses.Average();
        return (losses.Sum(loss => (loss - mean) * (loss - mean)) / Math.Max(1, losses.Length - 1) / losses.Length, losses.Length - 1);
    }

    private static double Mean(IReadOnlyList<IReadOnlyList<(double Nats, int Tokens)>> runs, int word) =>
        runs.Average(run => run[word].Nats);
}
