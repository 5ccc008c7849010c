namespace Makemore;

/// <summary>A batch of words, laid out as in makemore.py.</summary>
/// <param name="X">The input: 0, then the word's tokens, then zeros; int32 (B, T).</param>
/// <param name="Y">The targets: the word's tokens, then 0, then −1, which losses ignore; int32 (B, T).</param>
public sealed record Batch(Tensor X, Tensor Y)
{
    // Below this number of positions, or this share of padding, a batch stays whole: that of short words always does.
    private const int MinPositions = 1024, MaxPositionsPerTarget = 3;

    /// <summary>The batch in parts, if a few long rows make most of it padding: consecutive rows, each part trimmed to its longest,
    /// so that memory is bounded by the tokens of the batch and not by B times its longest row.</summary>
    internal IReadOnlyList<Batch> Parts()
    {
        if (Y.Shape.Size <= MinPositions)
            return [this];
        var lengths = Lengths();
        if (!IsMostlyPadding(lengths.Length, Y.Shape[1], lengths.Sum()))
            return [this];
        var parts = new List<Batch>();
        for (var start = 0; start < lengths.Length;)
        {
            var (end, width, targets) = (start + 1, lengths[start], lengths[start]);
            while (end < lengths.Length
                && !IsMostlyPadding(end + 1 - start, Math.Max(width, lengths[end]), targets + lengths[end]))
            {
                (width, targets) = (Math.Max(width, lengths[end]), targets + lengths[end]);
                end++;
            }
            parts.Add(new(Part(X, start, end, width), Part(Y, start, end, width)));
            start = end;
        }
        return parts;
    }

    /// <summary>Returns the buffers; the batch must not be read again.</summary>
    internal void Recycle()
    {
        X.Raw.Storage.Return();
        Y.Raw.Storage.Return();
    }

    private static bool IsMostlyPadding(int rows, int width, int targets) =>
        rows * width > MinPositions && (long)rows * width > (long)MaxPositionsPerTarget * targets;

    private static Tensor Part(Tensor ids, int start, int end, int width) =>
        ids.Slice(0, start, end - start).Slice(1, 0, width);

    /// <summary>The length of each row without its padding.</summary>
    private int[] Lengths()
    {
        var (targets, width) = (Y.ToInts(), Y.Shape[1]);
        return [.. Enumerable.Range(0, Y.Shape[0]).Select(row => targets.AsSpan(row * width, width).LastIndexOfAnyExcept(-1) + 1)];
    }
}
