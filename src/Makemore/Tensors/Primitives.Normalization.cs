namespace Makemore;

public static partial class Primitives
{
    /// <summary>(x − mean) / √(variance + ε) over the last dimension, scaled by weight (C) and shifted by bias (C): Ba,
    /// Kiros, Hinton: "Layer normalization", 2016, equation 4.</summary>
    public static Tensor LayerNormalize(Tensor x, Tensor weight, Tensor bias, float epsilon)
    {
        RequireChannels("LayerNormalize", x, weight, bias);
        return Joint(
            [x, weight, bias],
            x.Engine.LayerNorm(
                Float("LayerNormalize", x), Float("LayerNormalize", weight), Float("LayerNormalize", bias), epsilon),
            g =>
            {
                var cotangents = g.Engine.LayerNormPullback(g.Raw, x.Raw, weight.Raw, epsilon);
                return [cotangents.X, cotangents.W, cotangents.B];
            });
    }

    /// <summary>
    /// Normalizes each channel of x (…, C) to mean 0 and variance 1 over the positions where live (…) is 1, then scales by weight
    /// (C) and shifts by bias (C): Ioffe, Szegedy: "Batch normalization", 2015, algorithm 1. Also returns the means (C) and the
    /// biased variances (C), without a gradient.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static (Tensor Y, Tensor Mean, Tensor Variance) BatchNormalize(
        Tensor x, Tensor weight, Tensor bias, Tensor live, float epsilon)
    {
        const string Name = "BatchNormalize";
        RequireChannels(Name, x, weight, bias);
        if (live.Shape != x.Shape[..^1])
            throw new ArgumentException($"{Name}: live {live.Shape} does not fit input {x.Shape} (…, C).");
        _ = EngineOf(Name, x, live);
        var mask = Float(Name, live) with { Shape = [live.Shape.Size] };
        var (y, mean, variance) = x.Engine.BatchNorm(
            Float(Name, x) with { Shape = [live.Shape.Size, x.Shape[^1]] }, Float(Name, weight), Float(Name, bias), mask, epsilon);
        var region = Innermost([x, weight, bias, live]);
        var statistics = (Flat(region, mean), Flat(region, variance));
        return (Joint([x, weight, bias, live], y with { Shape = x.Shape }, Pullback), statistics.Item1, statistics.Item2);

        Raw[] Pullback(Tensor g)
        {
            Shape rows = [live.Shape.Size, x.Shape[^1]];
            var cotangents = g.Engine.BatchNormPullback(
                g.Raw with { Shape = rows }, x.Raw with { Shape = rows }, weight.Raw, mask, mean, variance, epsilon);
            return [cotangents.X with { Shape = x.Shape }, cotangents.W, cotangents.B];
        }
    }

    /// <summary>The number of live positions of a batch, also where its other rows are on other engines.</summary>
    internal static Tensor LiveOfBatch(Tensor live)
    {
        var count = Sum(live.Detach());
        if (live.Engine is not IPartialRows { SumOverParts: { } sum })
            return count;
        float[] total = [count.Item()];
        sum(total);
        return Tensor.Full(total[0], [], live.Engine);
    }

    private static void RequireChannels(string operation, Tensor x, Tensor weight, Tensor bias)
    {
        _ = x.Shape.Axis(operation, -1);
        if (weight.Shape != [x.Shape[^1]] || bias.Shape != weight.Shape)
            throw new ArgumentException(
                $"{operation}: weight {weight.Shape} and bias {bias.Shape} do not fit input {x.Shape} (…, C).");
        _ = EngineOf(operation, x, weight);
        _ = EngineOf(operation, x, bias);
    }
}
