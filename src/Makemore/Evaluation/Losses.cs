namespace Makemore;

/// <summary>The loss of a model on some words: its sum over their tokens, the end of a word included, over their
/// number.</summary>
/// <param name="Nats">The mean over all tokens, in nats.</param>
/// <param name="StandardError">Of the mean, with words as the unit: what another draw of words would change.</param>
/// <param name="Tokens">How many tokens.</param>
public sealed record LossSummary(double Nats, double StandardError, long Tokens)
{
    /// <summary>The loss in bits a token.</summary>
    public double Bits => Nats / 0.693147180559945309;

    /// <summary>The loss of words from the sum of nats and the number of tokens of each.</summary>
    /// <remarks>The standard error of a ratio of means: Cochran, "Sampling techniques", 1977, equation 6.13.</remarks>
    public static LossSummary Of(IReadOnlyList<(double Nats, int Tokens)> words)
    {
        var (nats, tokens) = (words.Sum(word => word.Nats), words.Sum(word => (long)word.Tokens));
        if (tokens == 0)
            return new(double.NaN, double.NaN, 0);
        var mean = nats / tokens;
        var squares = words.Sum(word => Square(word.Nats - (mean * word.Tokens)));
        var variance = words.Count > 1 ? squares * words.Count / (words.Count - 1) : double.NaN;
        return new(mean, Math.Sqrt(variance) / tokens, tokens);
    }

    private static double Square(double x) => x * x;
}

/// <summary>The losses of a model.</summary>
public static class Losses
{
    /// <summary>The sum of nats and the number of tokens of each word, in the order of the batches.</summary>
    public static IEnumerable<(double Nats, int Tokens)> ByWord<P, C>(Model<P, C> model, P p, IEnumerable<Batch> batches)
    {
        foreach (var batch in batches)
        {
            var length = batch.Y.Shape[1];
            var (losses, targets) = (ByToken(model, p, batch), batch.Y.ToInts());
            for (var word = 0; word < batch.Y.Shape[0]; word++)
            {
                var (nats, tokens) = (0.0, 0);
                for (var t = word * length; t < (word + 1) * length; t++)
                    if (targets[t] >= 0)
                        (nats, tokens) = (nats + losses[t], tokens + 1);
                yield return (nats, tokens);
            }
        }
    }

    /// <summary>The loss of a model on batches of words.</summary>
    public static LossSummary Evaluate<P, C>(Model<P, C> model, P p, IEnumerable<Batch> batches) =>
        LossSummary.Of([.. ByWord(model, p, batches)]);

    private static float[] ByToken<P, C>(Model<P, C> model, P p, Batch batch)
    {
        using var region = Region.Root.Open();
        return Primitives.TokenLoss(model.Forward(Tree.In(p, region), batch.X), batch.Y).ToArray();
    }
}
