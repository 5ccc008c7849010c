namespace Makemore;

/// <summary>The choice of a token from logits: pure functions of the logits, the options and one uniform number.</summary>
public static class Choice
{
    /// <summary>The token chosen for each row of logits (B, V), by a number of [0, 1) for each.</summary>
    public static int[] Draw(Tensor logits, SamplingOptions options, ReadOnlySpan<double> uniforms)
    {
        var classes = logits.Shape[^1];
        var values = logits.ToArray();
        var rows = logits.Shape.Size / classes;
        if (options.Temperature > 0)
            for (var row = 0; row < rows; row++)
                Shape(values.AsSpan(row * classes, classes), options);
        var probabilities = options.Temperature > 0
            ? Primitives.Softmax(Tensor.Of(values, logits.Shape, logits.Engine).In(logits.Region)).ToArray()
            : values;
        var tokens = new int[rows];
        for (var row = 0; row < rows; row++)
            tokens[row] = options.Temperature > 0
                ? Pick(probabilities.AsSpan(row * classes, classes), options.TopP, uniforms[row])
                : Likeliest(probabilities.AsSpan(row * classes, classes));
        return tokens;
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

    private static int Pick(ReadOnlySpan<float> probabilities, float topP, double uniform)
    {
        var order = Enumerable.Range(0, probabilities.Length).ToArray();
        var count = order.Length;
        var total = 0.0;
        if (topP < 1)
        {
            var weights = probabilities.ToArray();
            order = [.. order.OrderByDescending(token => weights[token])];
            // The likeliest always stays, however small the share.
            for (count = 0; count == 0 || (count < order.Length && total < topP); count++)
                total += weights[order[count]];
        }
        else
            foreach (var probability in probabilities)
                total += probability;
        var (left, last) = (uniform * total, 0);
        for (var i = 0; i < count; i++)
        {
            if (probabilities[order[i]] <= 0)
                continue;
            last = order[i];
            left -= probabilities[last];
            if (left < 0)
                break;
        }
        return last;
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
