namespace Makemore;

/// <summary>A linear map with an optional bias, y = x Wᵀ + b. The weight is (out, in), as in PyTorch.</summary>
/// <param name="Weight">(N, K).</param>
/// <param name="Bias">(N), or none.</param>
public sealed record Linear(Tensor Weight, Tensor? Bias = null)
{
    /// <summary>Weight and bias uniform in ±1/√K, PyTorch's default (Kaiming uniform with a = √5).</summary>
    public static Linear Init(Key key, int inputs, int outputs, bool bias = true)
    {
        var bound = 1 / MathF.Sqrt(inputs);
        var (forWeight, forBias) = key.Split();
        return new(
            Tensor.Uniform(forWeight, [outputs, inputs], -bound, bound),
            bias ? Tensor.Uniform(forBias, [outputs], -bound, bound) : null);
    }

    /// <summary>(…, K) → (…, N).</summary>
    public Tensor Forward(Tensor x) => Primitives.LinearMap(x, Weight, Bias);
}
