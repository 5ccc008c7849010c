namespace Makemore;

/// <summary>By how much one model's loss differs from another's on the same words, and whether that is more than chance:
/// words are drawn anew for both at once, so that what is hard for both does not count.</summary>
/// <remarks>Efron, Tibshirani: "An introduction to the bootstrap", 1993, chapters 13 and 16; Koehn: "Statistical significance
/// tests for machine translation evaluation", 2004.</remarks>
/// <param name="Nats">The first model's loss less the second's, in nats a token; below 0 where the first is better.</param>
/// <param name="StandardError">Of the difference.</param>
/// <param name="Low">Where the interval begins that holds the difference in 95 of 100 draws of words.</param>
/// <param name="High">Where it ends.</param>
/// <param name="P">Two-sided: how often a difference this far from 0 would come by chance. Never below 2 / (draws + 1).</param>
public sealed record PairedBootstrap(double Nats, double StandardError, double Low, double High, double P)
{
    /// <summary>Draws of words for a comparison.</summary>
    public const int Replicates = 10_000;

    /// <summary>Whether the losses differ beyond chance: in fewer than 5 of 100 draws of words from equal models.</summary>
    public bool IsBeyondChance => P < 0.05;

    /// <summary>Compares two models by the nats and the tokens of each word.</summary>
    /// <exception cref="ArgumentException">The words are not the same: their number, or the tokens of one.</exception>
    public static PairedBootstrap Of(
        IReadOnlyList<(double Nats, int Tokens)> first, IReadOnlyList<(double Nats, int Tokens)> second, Key key,
        int replicates = Replicates)
    {
        if (!first.Select(word => word.Tokens).SequenceEqual(second.Select(word => word.Tokens)))
            throw new ArgumentException("PairedBootstrap: the two models were not evaluated on the same words.");
        var words = first.Zip(second, (a, b) => (a.Nats - b.Nats, a.Tokens)).ToArray();
        var differences = Bootstrap.Ratios(words, key, replicates);
        // Infinite losses on both sides have no difference: such a draw tells nothing, and counts for both.
        var (below, above) = (differences.Count(x => !(x > 0)), differences.Count(x => !(x < 0)));
        return new(
            words.Sum(word => word.Item1) / words.Sum(word => (long)word.Tokens),
            Bootstrap.StandardError(differences),
            Bootstrap.Percentile(differences, 0.025),
            Bootstrap.Percentile(differences, 0.975),
            Math.Min(1, 2.0 * (Math.Min(below, above) + 1) / (replicates + 1)));
    }
}
