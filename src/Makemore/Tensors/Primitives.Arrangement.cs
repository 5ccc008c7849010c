namespace Makemore;

public static partial class Primitives
{
    /// <summary>The dimensions in another order: dimension i of the result is dimension order[i] of x.</summary>
    /// <exception cref="ArgumentException">The order does not name each dimension once.</exception>
    public static Tensor Permute(this Tensor x, ReadOnlySpan<int> order)
    {
        var axes = new int[order.Length];
        for (var i = 0; i < axes.Length; i++)
            axes[i] = x.Shape.Axis("Permute", order[i]);
        var all = Enumerable.Range(0, x.Shape.Rank).ToArray();
        if (!axes.Order().SequenceEqual(all))
            throw new ArgumentException(
                $"Permute: [{string.Join(", ", order.ToArray())}] does not name each dimension of {x.Shape} once.");
        if (axes.AsSpan().SequenceEqual(all))
            return x;
        int[] inverse = [.. axes.Index().OrderBy(at => at.Item).Select(at => at.Index)];
        return Primitive(
            x, x.Engine.Permute(x.Raw, axes, [.. axes.Select(axis => x.Shape[axis])]), (g, _, _) => g.Permute(inverse));
    }

    /// <summary>Splits one dimension into parts of given lengths.</summary>
    /// <exception cref="ArgumentException">The lengths do not add up to the dimension's.</exception>
    public static Tensor[] Split(this Tensor x, int axis, ReadOnlySpan<int> lengths)
    {
        var along = x.Shape.Axis("Split", axis);
        var (parts, start) = (new Tensor[lengths.Length], 0);
        if (lengths.ToArray().Sum() != x.Shape[along])
            throw new ArgumentException(
                $"Split: lengths [{string.Join(", ", lengths.ToArray())}] do not add up to dimension {along} of {x.Shape}.");
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = x.Slice(along, start, lengths[i]);
            start += lengths[i];
        }
        return parts;
    }

    /// <summary>The elements of one dimension in reverse order.</summary>
    public static Tensor Flip(this Tensor x, int axis)
    {
        var along = x.Shape.Axis("Flip", axis);
        return x.Take(along, Tensor.Range(x.Shape[along] - 1, -1, -1, x.Engine));
    }

    /// <summary>The elements of one dimension moved on by a number of places; those that leave it at the end come in at the
    /// start.</summary>
    public static Tensor Roll(this Tensor x, int axis, int places)
    {
        var along = x.Shape.Axis("Roll", axis);
        var length = x.Shape[along];
        if (length == 0)
            return x;
        var start = ((places % length) + length) % length;
        return Concat(along, x.Slice(along, length - start, start), x.Slice(along, 0, length - start));
    }

    /// <summary>Each element of one dimension a number of times: a, b → a, a, b, b.</summary>
    public static Tensor Repeat(this Tensor x, int axis, int times) => Copies("Repeat", x, axis, times, offset: 1);

    /// <summary>All elements of one dimension a number of times: a, b → a, b, a, b.</summary>
    public static Tensor Tile(this Tensor x, int axis, int times) => Copies("Tile", x, axis, times, offset: 0);

    /// <summary>Adds elements of one value before and after those of one dimension.</summary>
    /// <exception cref="ArgumentException">A number of elements is negative, or the value no integer and x holds integers.</exception>
    public static Tensor Pad(this Tensor x, int axis, int before, int after, double value = 0)
    {
        var along = x.Shape.Axis("Pad", axis);
        if (before < 0 || after < 0)
            throw new ArgumentException(
                $"Pad: {before} and {after} elements cannot be added to dimension {along} of {x.Shape}; Slice removes.");
        if (x.Number(value).Type != x.Type)
            throw new ArgumentException(
                $"Pad: {value} is not an element of {x.Shape}, which holds {x.Type}; convert it with To(ElementType.Float32).");
        return before + after == 0 ? x : Concat(along, Filler(before), x, Filler(after));

        Tensor Filler(int length) => BroadcastTo(x.Number(value), x.Shape.With(along, length));
    }

    /// <summary>Matrices (…, M, N) with 0 above a diagonal: the main one, or one above it (positive) or below it.</summary>
    /// <exception cref="ArgumentException">There are fewer than two dimensions.</exception>
    public static Tensor LowerTriangle(this Tensor x, int diagonal = 0)
    {
        var (rows, columns) = Places("LowerTriangle", x);
        return Where(LessOrEqual(columns - rows, diagonal), x, 0);
    }

    /// <summary>Matrices (…, M, N) with 0 below a diagonal; see <see cref="LowerTriangle"/>.</summary>
    public static Tensor UpperTriangle(this Tensor x, int diagonal = 0)
    {
        var (rows, columns) = Places("UpperTriangle", x);
        return Where(GreaterOrEqual(columns - rows, diagonal), x, 0);
    }

    private static (Tensor Rows, Tensor Columns) Places(string operation, Tensor x) => x.Shape.Rank >= 2
        ? (Tensor.Range(x.Shape[^2], x.Engine).Reshape([-1, 1]), Tensor.Range(x.Shape[^1], x.Engine))
        : throw new ArgumentException($"{operation}: {x.Shape} is not (…, M, N).");

    private static Tensor Copies(string operation, Tensor x, int axis, int times, int offset)
    {
        var along = x.Shape.Axis(operation, axis);
        if (times < 0)
            throw new ArgumentException($"{operation}: dimension {along} of {x.Shape} cannot be repeated {times} times.");
        var apart = x.Reshape(x.Shape.Insert(along + offset, 1).Sizes);
        var copies = BroadcastTo(apart, apart.Shape.With(along + offset, times));
        return copies.Reshape(x.Shape.With(along, times * x.Shape[along]).Sizes);
    }
}
