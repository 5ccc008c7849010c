namespace Makemore;

/// <summary>A head of a model's attention.</summary>
/// <param name="Layer">Its layer, from 0, in the order of computation.</param>
/// <param name="Head">Its index in the layer, from 0.</param>
/// <param name="Weights">The activation with the weights of all heads of its layer (B, nh, T, T).</param>
/// <param name="Output">The activation with the outputs of all heads of its layer (B, nh, T, hs), before they are joined; null if
/// there is none of that form.</param>
public sealed record AttentionHead(int Layer, int Head, string Weights, string? Output)
{
    private const int Axis = 1;
    private const float Tolerance = 1e-3f;

    /// <summary>The name for people, from 1: layer.head.</summary>
    public string Name => $"{Layer + 1}.{Head + 1}";

    /// <summary>Replaces the output of this head with zeros.</summary>
    /// <exception cref="InvalidOperationException">The head has no output.</exception>
    public Edit Ablation => Edit.Zero(
        Output ?? throw new InvalidOperationException($"Head {Name}: no product of its weights {Weights} with values was found."),
        Axis, Head);

    /// <summary>The weights of this head in a run: (B, T, T).</summary>
    public Tensor In(LensRun run) => Part(run[Weights]);

    /// <summary>This head's part of an activation of its layer, (B, nh, …) or (B, …) of a single head.</summary>
    public Tensor Part(Tensor all) => all.Shape.Rank == 4 ? all.At(Axis, Head) : all;

    /// <summary>Whether a row may be the attention of position t.</summary>
    internal static bool IsRow(float[] row, int t) =>
        Math.Abs(row.Sum() - 1) < Tolerance && row.Skip(t + 1).All(weight => weight == 0);
}
