namespace Makemore;

/// <summary>The last n tokens at each position, for models that see only these.</summary>
public static class Windows
{
    /// <summary>ids (B, T) → (B, T, n): each token and the n − 1 before it, newest first; before the start of the word are
    /// blank tokens.</summary>
    /// <exception cref="ArgumentOutOfRangeException">n is not positive.</exception>
    public static Tensor Of(Tensor ids, int n, int blank)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n);
        var (batch, length) = (ids.Shape[0], ids.Shape[1]);
        if (n == 1)
            return ids.Reshape([batch, length, 1]);
        var blanks = Primitives.Flat(ids.Region, Blanks(batch, n - 1, blank, ids.Engine));
        var padded = Primitives.Concat(1, blanks, ids);
        return Primitives.Stack(2, [.. Enumerable.Range(0, n).Select(k => padded.Slice(1, n - 1 - k, length))]);
    }

    /// <summary>The window before any token: (B, n) blanks.</summary>
    public static Tensor Blank(int batch, int n, int blank, IEngine engine) => Tensor.Constant(Blanks(batch, n, blank, engine));

    /// <summary>The window (B, n) one token later: ids (B) in front, the oldest token dropped.</summary>
    public static Tensor Push(Tensor window, Tensor ids) =>
        Primitives.Concat(1, ids.Reshape([-1, 1]), window).Slice(1, 0, window.Shape[1]);

    private static Raw Blanks(int batch, int n, int blank, IEngine engine)
    {
        var values = new int[batch * n];
        Array.Fill(values, blank);
        return engine.FromInts(values, [batch, n]);
    }
}
