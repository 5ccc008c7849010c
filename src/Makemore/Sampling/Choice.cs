namespace Makemore;

/// <summary>The choice of a token from logits: pure functions of the logits, the options and one uniform number.</summary>
public static class Choice
{
    /// <summary>The token chosen for each row of logits (B, V), by a number of [0, 1) for each; where it is NaN, nothing is
    /// chosen, and the row has the stop.</summary>
    /// <exception cref="ArgumentException">There is not one number for each row.</exception>
    public static int[] Draw(Tensor logits, SamplingOptions options, double[] uniforms)
    {
        var (classes, isRandom) = (logits.Shape[^1], options.Temperature > 0);
        var tokens = new int[logits.Shape.Size / classes];
        if (uniforms.Length != tokens.Length)
            throw new ArgumentException($"Draw: {uniforms.Length} numbers for the rows of {logits.Shape}.");
        (isRandom ? Primitives.Softmax(Shaped(logits, options)) : logits).Read(values =>
        {
            for (var row = 0; row < tokens.Length; row++)
            {
                var numbers = values.Slice(row * classes, classes);
                tokens[row] = double.IsNaN(uniforms[row]) ? Vocabulary.Stop
                    : isRandom ? Pick(numbers, options.TopP, uniforms[row])
                    : Likeliest(numbers);
            }
        });
        return tokens;
    }

    private static Tensor Shaped(Tensor logits, SamplingOptions options)
    {
        if (options is { Temperature: 1, TopK: null })
            return logits;
        var (classes, values) = (logits.Shape[^1], logits.ToArray());
        for (var start = 0; start < values.Length; start += classes)
            Shape(values.AsSpan(start, classes), options);
        return Tensor.Of(values, logits.Shape, logits.Engine).In(logits.Region);
    }

    /// <summary>Divides by the temperature, and rules out what is not among the k greatest (equals of the k-th stay).</summary>
    private static void Shape(Span<float> logits, SamplingOptions options)
    {
        var bound = options.TopK is { } k && k < logits.Length
            ? logits.ToArray().OrderDescending().ElementAt(k - 1)
            : float.NegativeInfinity;
        // From the greatest down, so that a small temperature cannot overflow.
        var greatest = logits[Likeliest(logits)];
        foreach (ref var logit in logits)
            logit = logit < bound ? float.NegativeInfinity : (logit - greatest) / options.Temperature;
    }

    private static int Pick(Span<float> probabilities, float topP, double uniform)
    {
        if (topP < 1)
            KeepLikeliest(probabilities, topP);
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

    /// <summary>Rules out what does not belong to the fewest and likeliest tokens that together reach a probability. The
    /// likeliest stays, however small that is.</summary>
    private static void KeepLikeliest(Span<float> probabilities, float topP)
    {
        var (weights, total) = (probabilities.ToArray(), 0.0);
        foreach (var (rank, token) in Enumerable.Range(0, weights.Length).OrderByDescending(token => weights[token]).Index())
            if (rank > 0 && total >= topP)
                probabilities[token] = 0;
            else
                total += weights[token];
    }

    private static int Likeliest(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
            if (logits[i] > logits[best])
                best = i;
        return best;
    }
}
