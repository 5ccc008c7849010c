namespace Makemore;

/// <summary>The loss of a model on some words: its sum over their tokens, the end of a word included, over their
/// number. It is never a mean of means, so how words are batched does not matter.</summary>
/// <param name="Nats">The mean over all tokens, in nats.</param>
/// <param name="StandardError">Of the mean, with words as the unit: what another draw of words would change. By formula
/// or by bootstrap, as the function says that made the summary.</param>
/// <param name="Tokens">How many tokens.</param>
public sealed record LossSummary(double Nats, double StandardError, long Tokens)
{
    /// <summary>The loss in bits a token.</summary>
    public double Bits => Nats / DoubleFunctions.Ln2;

    /// <summary>e to the loss in nats: among how many equally likely tokens the model is as uncertain as it is.</summary>
    public double Perplexity => DoubleFunctions.Exp(Nats);

    /// <summary>The loss of words from the sum of nats and the number of tokens of each, which are read once and not
    /// kept. The standard error is by formula.</summary>
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

    /// <summary>The loss of words from the sum of nats and the number of tokens of each, with the standard error by
    /// <see cref="Bootstrap"/> over words, which no formula's assumptions limit.</summary>
    public static LossSummary Of(IReadOnlyList<(double Nats, int Tokens)> words, Key key)
    {
        var summary = Of(words);
        return words.Count < 2
            ? summary
            : summary with { StandardError = Bootstrap.StandardError(Bootstrap.Ratios(words, key)) };
    }
}
