namespace Makemore;

/// <summary>Optimizers: chains of gradient transforms under the names that the field gives them.</summary>
public static class Optimizers
{
    /// <summary>Adam with decoupled weight decay: Loshchilov, Hutter 2019, algorithm 2. The defaults of the moments are
    /// makemore.py's.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="decay">How much of each parameter is taken off, times the rate.</param>
    /// <param name="schedule">The rate's factor at each step; constant where none is given.</param>
    /// <param name="decays">The parameters that decay; all of them where it is not given.</param>
    /// <param name="beta1">The weight of the past in the mean of the gradient.</param>
    /// <param name="beta2">The weight of the past in the mean of its square.</param>
    /// <param name="epsilon">What keeps the division from 0.</param>
    public static Transform AdamW(
        float rate, float decay = 0.01f, Schedule? schedule = null, Func<Leaf, bool>? decays = null, float beta1 = 0.9f,
        float beta2 = 0.99f, float epsilon = 1e-8f) =>
        Transforms.AdamW(rate, decay, schedule, decays, beta1, beta2, epsilon);

    /// <summary>Stochastic gradient descent, with momentum where it is not 0.</summary>
    public static Transform Sgd(
        float rate, float momentum = 0, bool nesterov = false, float decay = 0, Schedule? schedule = null,
        Func<Leaf, bool>? decays = null) =>
        Transforms.WeightDecay(decay, decays)
            .Then(momentum == 0 ? Transforms.Identity : Transforms.Momentum(momentum, nesterov))
            .Then(Transforms.Rate(rate, schedule));

    /// <summary>Lion with decoupled weight decay: Chen et al.: "Symbolic discovery of optimization algorithms", 2023,
    /// algorithm 2. It wants about a tenth of AdamW's rate, and ten times its decay.</summary>
    public static Transform Lion(
        float rate, float decay = 0.1f, Schedule? schedule = null, Func<Leaf, bool>? decays = null, float beta1 = 0.9f,
        float beta2 = 0.99f) =>
        Transforms.Lion(beta1, beta2)
            .Then(Transforms.WeightDecay(decay, decays))
            .Then(Transforms.Rate(rate, schedule));
}
