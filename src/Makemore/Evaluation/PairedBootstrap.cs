namespace Makemore;

/// <summary>The difference between the losses of two models on the same words, and whether it is statistically significant: a
/// paired bootstrap, which resamples words for both models together, so that words that are hard for both cancel out.</summary>
/// <remarks>Efron, Tibshirani: "An introduction to the bootstrap", 1993, chapters 13 and 16; Koehn: "Statistical significance
/// tests for machine translation evaluation", 2004.</remarks>
/// <param name="Nats">The first model's loss minus the second's, in nats per token; negative if the first is better.</param>
/// <param name="StandardError">The standard error of the difference.</param>
/// <param name="Low">The lower end of the 95% confidence interval.</param>
/// <param name="High">The upper end of the interval.</param>
/// <param name="P">The two-sided p-value; at least 2 / (resamples + 1).</param>
public sealed record PairedBootstrap(double Nats, double StandardError, double Low, double High, double P)
{
    /// <summary>The default number of resamples.</summary>
    public const int Replicates = 10_000;

    /// <summary>Whether the difference is significant at the 5% level.</summary>
    public bool IsSignificant => P < 0.05;

    /// <summary>Compares two models by the nats and the number of tokens of each word.</summary>
    /// <exception cref="ArgumentException">The words differ in number or in their numbers of tokens.</exception>
    public static PairedBootstrap Of(
        IReadOnlyList<(double Nats, int Tokens)> first, IReadOnlyList<(double Nats, int Tokens)> second, Key key,
        int replicates = Replicates)
    {
        if (!first.Select(word => word.Tokens).SequenceEqual(second.Select(word => word.Tokens)))
            throw new ArgumentException("PairedBootstrap: the two models were not evaluated on the same words.");
        var words = first.Zip(second, (a, b) => (a.Nats - b.Nats, a.Tokens)).ToArray();
        var differences = Bootstrap.Ratios(words, key, replicates);
        // The difference of two infinite losses is NaN; such a resample counts for both sides.
        var (below, above) = (differences.Count(x => !(x > 0)), differences.Count(x => !(x < 0)));
        return new(
            words.Sum(word => word.Item1) / words.Sum(word => (long)word.Tokens),
            Bootstrap.StandardError(differences),
            Bootstrap.Percentile(differences, 0.025),
            Bootstrap.Percentile(differences, 0.975),
            Math.Min(1, 2.0 * (Math.Min(below, above) + 1) / (replicates + 1)));
    }
}
