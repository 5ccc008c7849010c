namespace Makemore;

/// <summary>A table that gives each token a vector.</summary>
/// <param name="Weight">(V, C): one row per token.</param>
public sealed record Embedding([Table] Tensor Weight)
{
    /// <summary>Standard normal vectors, PyTorch's default.</summary>
    public static Embedding Init(Key key, int tokens, int size) =>
        new(Tensor.Normal(key, [tokens, size]));

    /// <summary>ids (…) → (…, C).</summary>
    public Tensor Forward(Tensor ids) => Primitives.Gather(Weight, ids);
}
