namespace Makemore;

/// <summary>The carry loop of recurrent models.</summary>
public static class Recurrence
{
    /// <summary>Carries a state through the positions of x (B, T, C): cell(x_t (B, C), state) → (output (B, H), next state).
    /// Returns the outputs stacked, (B, T, H).</summary>
    public static Tensor Scan<S>(Tensor x, S start, Func<Tensor, S, (Tensor Output, S State)> cell)
    {
        var outputs = new Tensor[x.Shape[1]];
        var state = start;
        for (var t = 0; t < outputs.Length; t++)
            (outputs[t], state) = cell(x.At(1, t), state);
        return Primitives.Stack(1, outputs);
    }

    /// <summary>The same initial state for B sequences: each of its tensors (1, H) → (B, H).</summary>
    public static S Start<S>(S start, int batch) =>
        Tree.Map(start, row => Primitives.BroadcastTo(row, [batch, row.Shape[^1]]));
}
