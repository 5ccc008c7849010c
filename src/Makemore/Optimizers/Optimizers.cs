namespace Makemore;

/// <summary>Gradient transforms, and the optimizers that are chains of them.</summary>
public static class Optimizers
{
    /// <summary>Stochastic gradient descent: −rate · gradient.</summary>
    public static Transform Sgd(float rate) => Rate(rate);

    /// <summary>Adam with decoupled weight decay on every parameter: Loshchilov, Hutter 2019, algorithm 2. The
    /// defaults of the moments are makemore.py's.</summary>
    public static Transform AdamW(
        float rate, float beta1 = 0.9f, float beta2 = 0.99f, float epsilon = 1e-8f, float decay = 0.01f) =>
        Adam(beta1, beta2, epsilon).Then(WeightDecay(decay)).Then(Rate(rate));

    /// <summary>The running mean of the gradient over the root of that of its square, both corrected for their start
    /// at 0: Kingma, Ba 2015, algorithm 1, without the rate.</summary>
    public static Transform Adam(float beta1, float beta2, float epsilon) =>
        new([new("adam.m", Primitives.ZerosLike), new("adam.v", Primitives.ZerosLike)], (context, updates, memory) =>
        {
            var form = new AdamForm(
                beta1, beta2, Correction(beta1, context.Step + 1), Correction(beta2, context.Step + 1), epsilon);
            var each = updates.Select((g, i) => Primitives.AdamStep(g, memory[0][i], memory[1][i], form)).ToArray();
            return (
                [.. each.Select(x => x.Update)], [[.. each.Select(x => x.M)], [.. each.Select(x => x.V)]]);
        });

    /// <summary>Adds decay · parameter to each update, so that what follows shrinks the parameters: Loshchilov, Hutter
    /// 2019.</summary>
    public static Transform WeightDecay(float decay) =>
        Transform.Each((_, parameter, u) => decay == 0 ? u : u + (parameter.Value * decay));

    /// <summary>Multiplies by −rate: from a direction uphill to a step downhill.</summary>
    public static Transform Rate(float rate) => Transform.Each((_, _, u) => u * -rate);

    /// <summary>1 − βᵗ, by multiplication alone, so that it is the same everywhere.</summary>
    private static float Correction(float beta, long t)
    {
        var (power, square) = (1.0, (double)beta);
        for (var left = t; left > 0; left >>= 1, square *= square)
            power *= (left & 1) != 0 ? square : 1;
        return (float)(1 - power);
    }
}
