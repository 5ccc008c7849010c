namespace Makemore;

/// <summary>A cell unrolled over a sequence.</summary>
public static class Recurrence
{
    /// <summary>Folds a cell over the positions of x (B, T, C): cell(x_t (B, C), state) → (output (B, H), state). The
    /// outputs side by side: (B, T, H).</summary>
    public static Tensor Scan<S>(Tensor x, S start, Func<Tensor, S, (Tensor Output, S State)> cell)
    {
        var outputs = new Tensor[x.Shape[1]];
        var state = start;
        for (var t = 0; t < outputs.Length; t++)
            (outputs[t], state) = cell(x.At(1, t), state);
        return Primitives.Stack(1, outputs);
    }

    /// <summary>A learned start (1, H) for each of B sequences: (B, H).</summary>
    public static Tensor Start(Tensor start, int batch) => Primitives.BroadcastTo(start, [batch, start.Shape[^1]]);
}
