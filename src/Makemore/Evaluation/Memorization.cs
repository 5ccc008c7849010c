namespace Makemore;

/// <summary>
/// Whether a model copies its training words instead of generating new ones. Good samples are sometimes training words too, so
/// what counts is how much more often they are than held-out words, which come from the same distribution and are not copies. A
/// model without memorization has a <see cref="Figure"/> of 0, one that only copies nearly 1.
/// </summary>
/// <remarks>
/// Samples are compared with held-out words as in Meehan, Chaudhuri, Dasgupta: "A non-parametric test to detect data-copying in
/// generative models", 2020; but by shares of copies, because most held-out names are one edit from some training name, so that
/// ranks of distances say little. A model is flagged if two conditions hold. It copies: the figure is above
/// <see cref="MinFigure"/> and above three standard errors. And it overfits: the test loss is above the training loss by more
/// than three standard errors. The first alone also holds for a model that generates only the most common words, the second alone
/// for most trained models.
/// </remarks>
/// <param name="Copied">The share of finished samples that are training words.</param>
/// <param name="HeldCopied">The share of held-out words that are training words.</param>
/// <param name="StandardError">The standard error of the difference of these shares.</param>
/// <param name="Near">The share of finished samples within an edit distance of 1 of a training word, copies included.</param>
/// <param name="HeldNear">The same share of held-out words.</param>
/// <param name="Gap">The test loss minus the training loss.</param>
public sealed record Memorization(
    double Copied, double HeldCopied, double StandardError, double Near, double HeldNear, LossGap Gap)
{
    /// <summary>The minimum figure of a flagged model: a fifth of the samples.</summary>
    public const double MinFigure = 0.2;

    private const double StandardErrors = 3;

    /// <summary>The memorization figure: the share of samples that are training words minus that of held-out words. From −1 to
    /// 1.</summary>
    public double Figure => Copied - HeldCopied;

    /// <summary>Whether the model is flagged.</summary>
    public bool IsFlagged =>
        Figure > MinFigure && Figure > StandardErrors * StandardError && Gap.Nats > StandardErrors * Gap.StandardError;

    /// <summary>The memorization of a model, from its samples and losses.</summary>
    public static Memorization Of(SampleSummary samples, LossGap gap) => Of(samples.Nearest, samples.HeldNearest, gap);

    /// <summary>The memorization of a model, from the distances of its samples and of held-out words to training words.</summary>
    public static Memorization Of(NearestWords samples, NearestWords held, LossGap gap) => new(
        samples.ShareWithin(0), held.ShareWithin(0), Math.Sqrt(Variance(samples) + Variance(held)),
        samples.ShareWithin(1), held.ShareWithin(1), gap);

    /// <summary>The variance of the share of copies, with one copy and one other word added, so that a few words do not appear
    /// certain.</summary>
    /// <remarks>Agresti, Caffo: "Simple and effective confidence intervals for proportions and differences of proportions",
    /// 2000.</remarks>
    private static double Variance(NearestWords words)
    {
        var count = words.Total + 2.0;
        var share = (words.CountWithin(0) + 1) / count;
        return share * (1 - share) / count;
    }
}
