namespace Makemore;

/// <summary>How several dimensions of a tensor become one, and how they come back.</summary>
/// <param name="Order">The order of the dimensions in which those to merge are adjacent.</param>
/// <param name="Permuted">The shape in this order.</param>
/// <param name="Merged">The shape with the dimensions merged.</param>
/// <param name="Axis">The merged dimension.</param>
/// <param name="Kept">The original shape with size 1 in the dimensions to merge.</param>
internal sealed record MergedAxes(int[] Order, Shape Permuted, Shape Merged, int Axis, Shape Kept)
{
    /// <exception cref="ArgumentException">A dimension does not exist or is given twice, or none is given.</exception>
    public static MergedAxes Of(string operation, Shape shape, ReadOnlySpan<int> axes)
    {
        var chosen = new int[axes.Length];
        for (var i = 0; i < axes.Length; i++)
            chosen[i] = shape.Axis(operation, axes[i]);
        Array.Sort(chosen);
        if (chosen.Length == 0 || chosen.Distinct().Count() < chosen.Length)
            throw new ArgumentException(chosen.Length == 0
                ? $"{operation}: no dimension of {shape} is given."
                : $"{operation}: a dimension of {shape} is given twice, [{string.Join(", ", axes.ToArray())}].");
        var all = Enumerable.Range(0, shape.Rank);
        var areAdjacent = chosen[^1] - chosen[0] == chosen.Length - 1;
        var first = areAdjacent ? chosen[0] : shape.Rank - chosen.Length;
        int[] order = areAdjacent ? [.. all] : [.. all.Except(chosen), .. chosen];
        Shape permuted = [.. order.Select(axis => shape[axis])];
        var end = first + chosen.Length;
        return new(
            order, permuted, [.. permuted[..first], permuted[first..end].Size, .. permuted[end..]], first,
            chosen.Aggregate(shape, (kept, axis) => kept.With(axis, 1)));
    }

    /// <summary>x with the dimensions merged.</summary>
    public Tensor Merge(Tensor x) => x.Permute(Order).Reshape(Merged.Sizes);

    /// <summary>A tensor in the merged shape, in the original one.</summary>
    public Tensor Restore(Tensor y) =>
        y.Reshape(Permuted.Sizes).Permute([.. Order.Index().OrderBy(at => at.Item).Select(at => at.Index)]);
}
