namespace Makemore;

/// <summary>The loss of a model before its first step. One that knows nothing yet should give all V tokens about the same
/// probability, at a loss of ln V; a higher one means that its logits differ too much, and the first steps go into making them
/// equal (Karpathy: "A recipe for training neural networks", 2019, and lecture 3 of makemore).</summary>
/// <param name="Nats">The cross-entropy on the first training batch, in training, in nats per token.</param>
/// <param name="Vocabulary">V, the number of tokens.</param>
/// <param name="Layer">The weights that the logits are computed with, by the names of their leaves: <c>head</c>.</param>
/// <param name="Deviation">The standard deviation of the logits over the tokens: the root of its mean square over all
/// positions.</param>
public sealed record InitialLoss(double Nats, int Vocabulary, string Layer, double Deviation)
{
    /// <summary>The maximum loss, relative to that of a uniform guess.</summary>
    public const double MaxRatio = 1.2;

    /// <summary>A standard deviation of the logits that is small enough: normal logits of deviation σ raise the loss by σ²/2, so by
    /// 1/8.</summary>
    public const double GoodDeviation = 0.5;

    /// <summary>ln V: the loss of a uniform guess.</summary>
    public double Uniform => DoubleFunctions.Log(Vocabulary);

    /// <summary>Whether the logits are too wide. A loss that is NaN is not: it has another cause.</summary>
    public bool IsTooHigh => Nats > MaxRatio * Uniform;

    /// <summary>The initial loss of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="p">Its initial parameters.</param>
    /// <param name="whole">The first training batch; of one that is mostly padding, only the part with the most words is passed to a
    /// model without buffers.</param>
    /// <param name="key">The randomness of the first step, such as dropout.</param>
    public static InitialLoss Of<P, C>(Model<P, C> model, P p, Batch whole, Key key)
    {
        var batch = Tree.Leaves(p).Any(leaf => leaf.IsBuffer) ? whole : whole.Parts().MaxBy(part => part.Y.Shape[0])!;
        using var region = Region.Root.Open();
        var traced = Origins.Trace(p, region);
        var logits = model.Train(traced, batch, key).Logits;
        var width = logits.Shape[^1];
        var layer = Origins.Of(region.Tape, Tree.Leaves(traced))
            .Where(made => ReferenceEquals(made.Result, logits)).Select(made => made.Origin.Sources).FirstOrDefault([]);
        return new(
            Primitives.CrossEntropy(logits, batch.Y).Item(), width, string.Join(" + ", layer),
            Math.Sqrt(logits.ToArray().Chunk(width).Average(Variance)));
    }

    private static double Variance(float[] logits)
    {
        var mean = logits.Average(logit => (double)logit);
        return logits.Average(logit => (logit - mean) * (logit - mean));
    }
}
