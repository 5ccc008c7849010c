namespace Makemore;

/// <summary>
/// Whether a model gives back what it learned from instead of words like it. Good samples are near training words too, so
/// what counts is whether they are nearer than held-out words are, which come from the same source and were copied by
/// nobody. A source that has learned nothing by heart has a figure of 0, one that only copies nearly 1.
/// </summary>
/// <remarks>
/// Meehan, Chaudhuri, Dasgupta: "A non-parametric test to detect data-copying in generative models", 2020: a rank test (Mann,
/// Whitney: "On a test of whether one of two random variables is stochastically larger than the other", 1947) on the distances
/// of samples and of held-out words to their nearest training words, here edit distances. A model is called out where two
/// things hold at once. Its samples are nearer: the figure is above <see cref="LeastFigure"/> and above three standard errors.
/// And it knows its words better than others: the test loss is above the training loss by more than three standard errors. The
/// first alone is also found in a model that makes only the commonest words, the second alone in most trained models.
/// </remarks>
/// <param name="Figure">How much more often a sample is nearer to a training word than a held-out word is, than it is
/// further: the difference of both shares over all pairs of a sample and a held-out word, from −1 to 1.</param>
/// <param name="StandardError">What the figure of a source that copies nothing varies by, for as many words; infinite with
/// fewer than <see cref="FewestHeld"/> held-out words, which prove nothing.</param>
/// <param name="Copied">The share of finished samples that are training words.</param>
/// <param name="HeldCopied">The share of held-out words that are training words too.</param>
/// <param name="Near">The share of finished samples within an edit distance of 1 of a training word, copies included.</param>
/// <param name="HeldNear">The same of the held-out words.</param>
/// <param name="Gap">The test loss less the training loss.</param>
public sealed record Memorisation(
    double Figure, double StandardError, double Copied, double HeldCopied, double Near, double HeldNear, LossGap Gap)
{
    /// <summary>The figure below which nobody is called out.</summary>
    public const double LeastFigure = 0.25;

    /// <summary>The fewest held-out words that a model is called out by: the rank test is of normal form only from about
    /// there on.</summary>
    public const int FewestHeld = 10;

    private const double StandardErrors = 3;

    /// <summary>Whether the model is called out.</summary>
    public bool IsCalledOut =>
        Figure > LeastFigure && Figure > StandardErrors * StandardError && Gap.Nats > StandardErrors * Gap.StandardError;

    /// <summary>The memorisation of a model by its samples and its losses.</summary>
    public static Memorisation Of(SampleSummary samples, LossGap gap) => Of(samples.Nearest, samples.HeldNearest, gap);

    /// <summary>The memorisation of a model by how near its samples and held-out words are to training words.</summary>
    public static Memorisation Of(NearestWords samples, NearestWords held, LossGap gap) => new(
        NearerLessFurther(samples, held), StandardErrorOf(samples, held), samples.ShareWithin(0), held.ShareWithin(0),
        samples.ShareWithin(1), held.ShareWithin(1), gap);

    private static double NearerLessFurther(NearestWords samples, NearestWords held)
    {
        var (pairs, nearer, further) = ((double)samples.Total * held.Total, 0.0, 0.0);
        for (var distance = 0; distance < samples.Counts.Count; distance++)
        {
            nearer += samples.Counts[distance] * (double)(held.Total - held.CountWithin(distance));
            further += samples.Counts[distance] * (double)held.CountWithin(distance - 1);
        }
        return (nearer - further) / pairs;
    }

    /// <summary>The Mann-Whitney statistic's standard deviation with its correction for ties, in units of the figure:
    /// √((N + 1 − Σ(t³ − t) / (N(N − 1))) / (3 n m)) for n and m words, N together, t at each distance.</summary>
    private static double StandardErrorOf(NearestWords samples, NearestWords held)
    {
        var (n, m) = ((double)samples.Total, (double)held.Total);
        var ties = samples.Counts.Zip(held.Counts, (a, b) => (double)a + b).Sum(t => (t * t * t) - t);
        return m < FewestHeld
            ? double.PositiveInfinity
            : Math.Sqrt((n + m + 1 - (ties / ((n + m) * (n + m - 1)))) / (3 * n * m));
    }
}
