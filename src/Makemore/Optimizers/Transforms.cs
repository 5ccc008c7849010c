using static Makemore.Primitives;

namespace Makemore;

/// <summary>Gradient transforms, the building blocks of optimizers.</summary>
public static class Transforms
{
    /// <summary>The identity.</summary>
    public static Transform Identity { get; } = Transform.Each((_, _, u) => u);

    /// <summary>The running mean of the gradient divided by the root of the running mean of its square, both bias-corrected:
    /// Kingma, Ba: "Adam", 2015, algorithm 1, without the learning rate.</summary>
    public static Transform Adam(float beta1 = 0.9f, float beta2 = 0.99f, float epsilon = 1e-8f) =>
        Moments(context =>
        {
            var adam = Coefficients(context.Step, beta1, beta2, epsilon);
            return (_, g, m, v) => AdamStep.Adam(g, m, v, adam);
        });

    /// <summary><see cref="Adam"/>, <see cref="WeightDecay"/> and <see cref="Rate"/> in one pass over the parameters,
    /// with the same bits as the chain.</summary>
    internal static Transform AdamW(
        float rate, float decay, Schedule? schedule, Func<Leaf, bool>? decays, float beta1, float beta2, float epsilon) =>
        Moments(context =>
        {
            var (adam, factor) = (Coefficients(context.Step, beta1, beta2, epsilon), RateAt(context, rate, schedule));
            return (leaf, g, m, v) => AdamStep.AdamW(g, m, v, leaf.Value, adam, DecayOf(leaf, decay, decays), factor);
        });

    /// <summary>Muon for hidden matrices, <see cref="AdamW"/> for all else; see <see cref="Optimizers.Muon"/>. The state is AdamW's, of
    /// which a hidden matrix has no second moment.</summary>
    internal static Transform Muon(
        float rate, int vocabulary, float decay, Schedule? schedule, Func<Leaf, bool>? decays, float momentum, float beta1, float beta2,
        float epsilon) => Moments(context =>
        {
            var hidden = MuonStep.HiddenMatrices(context.Params, vocabulary);
            var (adam, factor) = (Coefficients(context.Step, beta1, beta2, epsilon), RateAt(context, rate, schedule));
            return (leaf, g, m, v) =>
            {
                var own = DecayOf(leaf, decay, decays);
                if (!hidden.Contains(leaf.Name))
                    return AdamStep.AdamW(g, m, v, leaf.Value, adam, own, factor);
                var (mean, update) = MuonStep.Of(g, m, momentum);
                return (mean, v, (update + (leaf.Value * own)) * -factor);
            };
        });

    /// <summary>A step of each parameter by itself, from the moments of its gradient so far.</summary>
    private static Transform Moments(
        Func<UpdateContext, Func<Leaf, Tensor, Tensor, Tensor, (Tensor M, Tensor V, Tensor Update)>> steps) =>
        new([new("adam.m", ZerosLike), new("adam.v", ZerosLike)], (context, updates, state) =>
        {
            var step = steps(context);
            var each = updates.Select((g, i) => step(context.Params[i], g, state[0][i], state[1][i])).ToArray();
            return ([.. each.Select(x => x.Update)], [[.. each.Select(x => x.M)], [.. each.Select(x => x.V)]]);
        });

    /// <summary>Momentum: the sum of past gradients, decayed by β at each step: Polyak 1964, as in PyTorch's SGD; optionally
    /// Nesterov 1983.</summary>
    public static Transform Momentum(float beta = 0.9f, bool nesterov = false) =>
        new([new("momentum", ZerosLike)], (_, updates, state) =>
        {
            var sums = updates.Select((g, i) => (state[0][i] * beta) + g).ToArray();
            return (nesterov ? [.. updates.Select((g, i) => g + (sums[i] * beta))] : sums, [sums]);
        });

    /// <summary>The sign of an interpolation between the running mean and the gradient: Chen et al. 2023, algorithm 2, without
    /// the learning rate.</summary>
    public static Transform Lion(float beta1 = 0.9f, float beta2 = 0.99f) =>
        new([new("lion.m", ZerosLike)], (_, updates, state) => (
            [.. updates.Select((g, i) => Sign((state[0][i] * beta1) + (g * (1 - beta1))))],
            [[.. updates.Select((g, i) => (state[0][i] * beta2) + (g * (1 - beta2)))]]));

    /// <summary>Adds decay · parameter to each update: Loshchilov, Hutter:
    /// "Decoupled weight decay regularization", 2019.</summary>
    /// <param name="decay">The weight decay.</param>
    /// <param name="decays">Which parameters decay; all of them by default.</param>
    public static Transform WeightDecay(float decay, Func<Leaf, bool>? decays = null) =>
        Transform.Each((_, parameter, u) =>
            DecayOf(parameter, decay, decays) == 0 ? u : u + (parameter.Value * decay));

    /// <summary>Whether nanoGPT decays a parameter: whether it has two dimensions or more.</summary>
    public static bool IsMatrix(Leaf leaf) => leaf.Value.Shape.Rank >= 2;

    /// <summary>Multiplies by −rate and the schedule's factor, which turns an ascent direction into a descent step.</summary>
    public static Transform Rate(float rate, Schedule? schedule = null) =>
        Transform.Each((context, _, u) => u * -RateAt(context, rate, schedule));

    /// <summary>Scales all gradients so that their global norm is at most <paramref name="maxNorm"/>: Pascanu, Mikolov, Bengio:
    /// "On the difficulty of training recurrent neural networks", 2013, algorithm 1; the 1e-6 is PyTorch's.</summary>
    public static Transform ClipByGlobalNorm(float maxNorm) => new([], (_, updates, state) =>
    {
        var scale = maxNorm / (GlobalNorm(updates) + 1e-6f);
        return (scale < 1 ? Array.ConvertAll(updates, u => u * scale) : updates, state);
    });

    /// <summary>Clips each element of the gradients to −max … max.</summary>
    public static Transform ClipByValue(float max) => Transform.Each((_, _, u) =>
    {
        var (high, low) = (OnesLike(u) * max, OnesLike(u) * -max);
        var below = Where(Greater(u, high), high, u);
        return Where(Greater(low, below), low, below);
    });

    /// <summary>Gradient accumulation: passes the mean gradient of n steps to another transform at every n-th step, as for a
    /// batch n times as large. In between the parameters do not change, and the other transform counts only every n-th
    /// step.</summary>
    public static Transform Accumulate(int n, Transform transform)
    {
        if (n == 1)
            return transform;
        return new([new("accumulate.sum", ZerosLike), .. transform.State], (context, updates, state) =>
        {
            var sums = updates.Select((g, i) => state[0][i] + (g * (1f / n))).ToArray();
            if ((context.Step + 1) % n != 0)
                return (Array.ConvertAll(updates, ZerosLike), [sums, .. state[1..]]);
            var (steps, inner) = transform.Update(context with { Step = context.Step / n }, sums, state[1..]);
            return (steps, [Array.ConvertAll(sums, ZerosLike), .. inner]);
        });
    }

    /// <summary>Skips a step whose gradients are not all finite: neither the parameters nor the other transform's state
    /// change.</summary>
    public static Transform SkipIfNotFinite(Transform transform) => transform with
    {
        // 0 · u is 0 where u is finite, and NaN otherwise. A norm could overflow even if all elements are finite.
        Update = (context, updates, state) => updates.All(u => float.IsFinite(Sum(u * 0).Item()))
            ? transform.Update(context, updates, state)
            : (Array.ConvertAll(updates, ZerosLike), state),
    };

    /// <summary>The name of the state of <see cref="Ema"/>.</summary>
    public const string EmaState = "ema";

    /// <summary>An exponential moving average of the parameters after each step, d · mean + (1 − d) · parameter, to evaluate and
    /// save instead of them: Polyak, Juditsky 1992. It must be the last transform.</summary>
    public static Transform Ema(float d) => new([new(EmaState, parameter => parameter * 1)], (context, updates, state) =>
        (updates, [[.. updates.Select((u, i) => (state[0][i] * d) + ((context.Params[i].Value + u) * (1 - d)))]]));

    /// <summary>The identity; passes the updates at this point of a chain to a callback.</summary>
    public static Transform Measure(Action<UpdateContext, IReadOnlyList<Tensor>> measure) => new([], (context, updates, state) =>
    {
        measure(context, updates);
        return (updates, state);
    });

    /// <summary>√ Σ u² over all elements of all updates.</summary>
    public static float GlobalNorm(IReadOnlyList<Tensor> updates) =>
        MathF.Sqrt(updates.Aggregate(0f, (sum, u) => sum + Sum(u * u).Item()));

    private static float DecayOf(Leaf parameter, float decay, Func<Leaf, bool>? decays) => decays?.Invoke(parameter) == false ? 0 : decay;

    private static Tensor Sign(Tensor x) => Greater(x, ZerosLike(x)) - Greater(ZerosLike(x), x);

    private static float RateAt(UpdateContext context, float rate, Schedule? schedule) =>
        (float)(rate * (schedule ?? Schedules.Constant)(context.Step));

    private static AdamCoefficients Coefficients(long step, float beta1, float beta2, float epsilon) =>
        new(beta1, beta2, Correction(beta1, step + 1), Correction(beta2, step + 1), epsilon);

    private static float Correction(float beta, long t) => (float)(1 - Schedules.Power(beta, t));
}
