namespace Makemore;

/// <summary>Draws tokens from logits: pure functions of the logits, the options and one uniform number.</summary>
public static class Choice
{
    /// <summary>The token drawn for each row of logits (B, V), by a uniform number in [0, 1) per row. A row whose number is NaN
    /// gets the stop.</summary>
    /// <exception cref="ArgumentException">The number of uniforms differs from the number of rows.</exception>
    public static int[] Draw(Tensor logits, SamplingOptions options, double[] uniforms)
    {
        var (classes, isRandom) = (logits.Shape[^1], options.Temperature > 0);
        var tokens = new int[logits.Shape.Size / classes];
        if (uniforms.Length != tokens.Length)
            throw new ArgumentException($"Draw: {uniforms.Length} numbers for the rows of {logits.Shape}.");
        (isRandom ? Primitives.Softmax(Transformed(logits, options)) : logits).Read(values =>
        {
            for (var row = 0; row < tokens.Length; row++)
            {
                var numbers = values.Slice(row * classes, classes);
                tokens[row] = double.IsNaN(uniforms[row]) ? Vocabulary.Stop
                    : isRandom ? Pick(numbers, options.TopP, uniforms[row])
                    : ArgMax(numbers);
            }
        });
        return tokens;
    }

    private static Tensor Transformed(Tensor logits, SamplingOptions options)
    {
        if (options is { Temperature: 1, TopK: null })
            return logits;
        var (classes, values) = (logits.Shape[^1], logits.ToArray());
        for (var start = 0; start < values.Length; start += classes)
            Transform(values.AsSpan(start, classes), options);
        return Tensor.Of(values, logits.Shape, logits.Engine).In(logits.Region);
    }

    /// <summary>Divides by the temperature and masks all but the top k logits; ties with the k-th are kept.</summary>
    private static void Transform(Span<float> logits, SamplingOptions options)
    {
        var bound = options.TopK is { } k && k < logits.Length
            ? logits.ToArray().OrderDescending().ElementAt(k - 1)
            : float.NegativeInfinity;
        // Relative to the maximum, so that a small temperature cannot overflow.
        var max = logits[ArgMax(logits)];
        foreach (ref var logit in logits)
            logit = logit < bound ? float.NegativeInfinity : (logit - max) / options.Temperature;
    }

    private static int Pick(Span<float> probabilities, float topP, double uniform)
    {
        if (topP < 1)
            KeepNucleus(probabilities, topP);
        var total = 0.0;
        foreach (var probability in probabilities)
            total += probability;
        var (left, last) = (uniform * total, 0);
        for (var token = 0; token < probabilities.Length; token++)
        {
            if (probabilities[token] <= 0)
                continue;
            last = token;
            left -= probabilities[token];
            if (left < 0)
                break;
        }
        return last;
    }

    /// <summary>Sets to 0 all but the smallest set of most likely tokens whose total probability reaches top-p. The most likely
    /// token is always kept.</summary>
    private static void KeepNucleus(Span<float> probabilities, float topP)
    {
        var (weights, total) = (probabilities.ToArray(), 0.0);
        foreach (var (rank, token) in Enumerable.Range(0, weights.Length).OrderByDescending(token => weights[token]).Index())
            if (rank > 0 && total >= topP)
                probabilities[token] = 0;
            else
                total += weights[token];
    }

    private static int ArgMax(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
            if (logits[i] > logits[best])
                best = i;
        return best;
    }
}
