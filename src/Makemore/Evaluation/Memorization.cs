namespace Makemore;

/// <summary>
/// Whether a model gives back what it learned from instead of words like it. Good samples are training words now and then,
/// so what counts is how much more often than held-out words are, which come from the same source and were copied by
/// nobody. A source that has learned nothing by heart has a <see cref="Figure"/> of 0, one that only repeats nearly 1.
/// </summary>
/// <remarks>
/// Samples are held against held-out words as in Meehan, Chaudhuri, Dasgupta: "A non-parametric test to detect data-copying in
/// generative models", 2020; but by shares of copies, because most held-out names are one letter from some training name, and
/// then a rank of distances tells little. A model is flagged where two things hold at once. It copies: the figure is above
/// <see cref="MinFigure"/> and above three standard errors. And it knows its words better than others: the test loss is above
/// the training loss by more than three standard errors. The first alone is also found in a model that makes only the commonest
/// words, the second alone in most trained models.
/// </remarks>
/// <param name="Copied">The share of finished samples that are training words.</param>
/// <param name="HeldCopied">The share of held-out words that are training words too.</param>
/// <param name="StandardError">Of the difference of these shares.</param>
/// <param name="Near">The share of finished samples within an edit distance of 1 of a training word, copies included.</param>
/// <param name="HeldNear">The same of the held-out words.</param>
/// <param name="Gap">The test loss less the training loss.</param>
public sealed record Memorization(
    double Copied, double HeldCopied, double StandardError, double Near, double HeldNear, LossGap Gap)
{
    /// <summary>The figure below which nobody is flagged: a fifth of the samples.</summary>
    public const double MinFigure = 0.2;

    private const double StandardErrors = 3;

    /// <summary>The memorization figure: the share of samples that are copies, beyond what held-out words show. From −1 to
    /// 1.</summary>
    public double Figure => Copied - HeldCopied;

    /// <summary>Whether the model is flagged.</summary>
    public bool IsFlagged =>
        Figure > MinFigure && Figure > StandardErrors * StandardError && Gap.Nats > StandardErrors * Gap.StandardError;

    /// <summary>The memorization of a model by its samples and its losses.</summary>
    public static Memorization Of(SampleSummary samples, LossGap gap) => Of(samples.Nearest, samples.HeldNearest, gap);

    /// <summary>The memorization of a model by how near its samples and held-out words are to training words.</summary>
    public static Memorization Of(NearestWords samples, NearestWords held, LossGap gap) => new(
        samples.ShareWithin(0), held.ShareWithin(0), Math.Sqrt(Variance(samples) + Variance(held)),
        samples.ShareWithin(1), held.ShareWithin(1), gap);

    /// <summary>The variance of the share of copies, with one copy and one other word added, so that few words do not look
    /// like certainty.</summary>
    /// <remarks>Agresti, Caffo: "Simple and effective confidence intervals for proportions and differences of proportions",
    /// 2000.</remarks>
    private static double Variance(NearestWords words)
    {
        var count = words.Total + 2.0;
        var share = (words.CountWithin(0) + 1) / count;
        return share * (1 - share) / count;
    }
}
