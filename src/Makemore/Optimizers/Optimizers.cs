namespace Makemore;

/// <summary>Optimizers: well-known chains of gradient transforms.</summary>
public static class Optimizers
{
    /// <summary>Adam with decoupled weight decay: Loshchilov, Hutter 2019, algorithm 2. The default betas are
    /// makemore.py's.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="decay">The weight decay; it is multiplied by the learning rate.</param>
    /// <param name="schedule">The factor of the learning rate at each step; constant by default.</param>
    /// <param name="decays">Which parameters decay; all of them by default.</param>
    /// <param name="beta1">The decay rate of the running mean of the gradient.</param>
    /// <param name="beta2">The decay rate of the running mean of its square.</param>
    /// <param name="epsilon">Added to the denominator for numerical stability.</param>
    public static Transform AdamW(
        float rate, float decay = 0.01f, Schedule? schedule = null, Func<Leaf, bool>? decays = null, float beta1 = 0.9f,
        float beta2 = 0.99f, float epsilon = 1e-8f) =>
        Transforms.AdamW(rate, decay, schedule, decays, beta1, beta2, epsilon);

    /// <summary>Stochastic gradient descent, optionally with momentum.</summary>
    public static Transform Sgd(
        float rate, float momentum = 0, bool nesterov = false, float decay = 0, Schedule? schedule = null,
        Func<Leaf, bool>? decays = null) =>
        Transforms.WeightDecay(decay, decays)
            .Then(momentum == 0 ? Transforms.Identity : Transforms.Momentum(momentum, nesterov))
            .Then(Transforms.Rate(rate, schedule));

    /// <summary>Lion with decoupled weight decay: Chen et al.: "Symbolic discovery of optimization algorithms", 2023,
    /// algorithm 2. It needs about a tenth of AdamW's learning rate and ten times its weight decay.</summary>
    public static Transform Lion(
        float rate, float decay = 0.1f, Schedule? schedule = null, Func<Leaf, bool>? decays = null, float beta1 = 0.9f,
        float beta2 = 0.99f) =>
        Transforms.Lion(beta1, beta2)
            .Then(Transforms.WeightDecay(decay, decays))
            .Then(Transforms.Rate(rate, schedule));

    /// <summary>Muon for the hidden matrices, with decoupled weight decay: Jordan et al.: "Muon: an optimizer for hidden layers in neural
    /// networks", 2024, https://kellerjordan.github.io/posts/muon; <see cref="AdamW"/> for tables of vectors, the output layer and
    /// all that is not a matrix.</summary>
    /// <remarks>An update is a matrix near the orthogonal one that is closest to the running mean of the gradient, times 0.2 √max(rows,
    /// columns), which makes its elements as large as AdamW's: Liu et al.: "Muon is scalable for LLM training", 2025, equation 4. So both
    /// have the same learning rate and weight decay. Dimensions before the last two are those of many matrices.</remarks>
    /// <param name="rate">The learning rate.</param>
    /// <param name="vocabulary">The number of tokens: the output layer is the last matrix with that many rows.</param>
    /// <param name="decay">The weight decay; it is multiplied by the learning rate.</param>
    /// <param name="schedule">The factor of the learning rate at each step; constant by default.</param>
    /// <param name="decays">Which parameters decay; all of them by default.</param>
    /// <param name="momentum">The decay rate of the running mean of a hidden matrix's gradient.</param>
    /// <param name="beta1">AdamW's decay rate of the running mean of the gradient.</param>
    /// <param name="beta2">AdamW's decay rate of the running mean of its square.</param>
    /// <param name="epsilon">Added to AdamW's denominator for numerical stability.</param>
    public static Transform Muon(
        float rate, int vocabulary, float decay = 0.01f, Schedule? schedule = null, Func<Leaf, bool>? decays = null,
        float momentum = 0.95f, float beta1 = 0.9f, float beta2 = 0.99f, float epsilon = 1e-8f) =>
        Transforms.Muon(rate, vocabulary, decay, schedule, decays, momentum, beta1, beta2, epsilon);
}
