namespace Makemore;

public static partial class Primitives
{
    /// <summary>The loss of each token in nats, −ln softmax(logits (…, V))[target], and 0 where the target is −1:
    /// (…).</summary>
    /// <exception cref="ArgumentOutOfRangeException">A target is neither −1 nor in 0 … V − 1.</exception>
    public static Tensor TokenLoss(Tensor logits, Tensor targets)
    {
        if (logits.Shape.Rank < 1 || logits.Shape[..^1] != targets.Shape)
            throw new ArgumentException(
                $"TokenLoss: targets {targets.Shape} do not fit logits {logits.Shape} (…, V).");
        var y = targets.Expect("TokenLoss", ElementType.Int32);
        var losses = EngineOf("TokenLoss", logits, targets).TokenLoss(Float("TokenLoss", logits), y);
        return Primitive(
            logits, targets, losses,
            (g, logits, targets) => Flat(g.Region, g.Engine.TokenLossPullback(g.Raw, logits.Raw, targets.Raw, losses)),
            (_, _, _) => throw new InvalidOperationException("TokenLoss: targets have no gradient."));
    }

    /// <summary>The cross-entropy in nats: the mean of <see cref="TokenLoss"/> over the targets that are not −1, a
    /// single number; 0 if there are none.</summary>
    public static Tensor CrossEntropy(Tensor logits, Tensor targets)
    {
        var losses = TokenLoss(logits, targets);
        return Sum(losses) / Math.Max(1, LiveCount(targets));
    }

    /// <summary>The cross-entropy with label smoothing: Szegedy et al.: "Rethinking the Inception architecture", 2016,
    /// section 7.</summary>
    /// <param name="logits">(…, V).</param>
    /// <param name="targets">(…), −1 where a position is ignored.</param>
    /// <param name="smoothing">The share of each target that is spread evenly over all classes; 0 is the plain
    /// cross-entropy.</param>
    public static Tensor CrossEntropy(Tensor logits, Tensor targets, float smoothing)
    {
        if (smoothing == 0)
            return CrossEntropy(logits, targets);
        var spread = -Mean(LogSoftmax(logits), -1) * IsAtLeast(targets, 0);
        return (CrossEntropy(logits, targets) * (1 - smoothing))
            + (Sum(spread) * (smoothing / Math.Max(1, LiveCount(targets))));
    }

    /// <summary>The number of targets that are not −1.</summary>
    public static int LiveCount(Tensor targets)
    {
        var count = 0;
        targets.ReadInts(values =>
        {
            foreach (var target in values)
                count += target >= 0 ? 1 : 0;
        });
        return count;
    }
}
