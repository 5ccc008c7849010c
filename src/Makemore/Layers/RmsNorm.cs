namespace Makemore;

/// <summary>Divides each vector by its root mean square, then scales it: Zhang, Sennrich: "Root mean square layer normalization",
/// 2019, equation 4.</summary>
/// <param name="Weight">(C), the scale.</param>
public sealed record RmsNorm(Tensor Weight)
{
    private const float Epsilon = 1e-5f;

    /// <summary>Scale 1.</summary>
    public static RmsNorm Init(int size) => new(Tensor.Ones([size]));

    /// <summary>(…, C) → (…, C).</summary>
    public Tensor Forward(Tensor x) => x / Primitives.Sqrt(Primitives.Mean(x * x, -1, keepDimension: true) + Epsilon) * Weight;
}
