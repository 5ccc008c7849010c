namespace Makemore;

/// <summary>Normalizes each vector to mean 0 and variance 1, then scales and shifts it: Ba, Kiros, Hinton: "Layer
/// normalization", 2016, equation 4.</summary>
/// <param name="Weight">(C), the scale.</param>
/// <param name="Bias">(C), the shift.</param>
public sealed record LayerNorm(Tensor Weight, Tensor Bias)
{
    private const float Epsilon = 1e-5f;

    /// <summary>Scale 1 and shift 0.</summary>
    public static LayerNorm Init(int size) => new(Tensor.Ones([size]), Tensor.Zeros([size]));

    /// <summary>(…, C) → (…, C).</summary>
    public Tensor Forward(Tensor x) => Primitives.LayerNormalize(x, Weight, Bias, Epsilon);
}
