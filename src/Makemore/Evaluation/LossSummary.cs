namespace Makemore;

/// <summary>The loss of a model on some words: the sum over all tokens, stops included, divided by their number. It is never a
/// mean of means, so batching does not matter.</summary>
/// <param name="Nats">The mean loss in nats per token.</param>
/// <param name="StandardError">The standard error of the mean over words, by the one formula for all losses; NaN for a single
/// word.</param>
/// <param name="Tokens">The number of tokens.</param>
public sealed record LossSummary(double Nats, double StandardError, long Tokens)
{
    /// <summary>The loss in bits per token.</summary>
    public double Bits => Nats / DoubleFunctions.Ln2;

    /// <summary>e to the loss in nats: the number of equally likely tokens with the same uncertainty.</summary>
    public double Perplexity => DoubleFunctions.Exp(Nats);

    /// <summary>The loss of words from the nats and the number of tokens of each, which are read in one pass.</summary>
    /// <remarks>The standard error of a ratio of means: Cochran, "Sampling techniques", 1977, equation 6.13.</remarks>
    public static LossSummary Of(IEnumerable<(double Nats, int Tokens)> words)
    {
        var (count, nats, tokens) = (0L, 0.0, 0L);
        var (squaredNats, products, squaredTokens) = (0.0, 0.0, 0.0);
        foreach (var word in words)
        {
            (count, nats, tokens) = (count + 1, nats + word.Nats, tokens + word.Tokens);
            squaredNats += word.Nats * word.Nats;
            products += word.Nats * word.Tokens;
            squaredTokens += (double)word.Tokens * word.Tokens;
        }
        if (tokens == 0)
            return new(double.NaN, double.NaN, 0);
        var mean = nats / tokens;
        var squares = Math.Max(0, squaredNats - (2 * mean * products) + (mean * mean * squaredTokens));
        var variance = count > 1 ? squares * count / (count - 1) : double.NaN;
        return new(mean, Math.Sqrt(variance) / tokens, tokens);
    }
}
