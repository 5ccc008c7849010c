namespace Makemore;

public static partial class Primitives
{
    /// <summary>The same elements in another shape; one size may be −1.</summary>
    public static Tensor Reshape(this Tensor x, ReadOnlySpan<int> sizes)
    {
        var shape = x.Shape.Reshape(sizes);
        return shape == x.Shape
            ? x
            : Observed(new(
                x.Raw with { Shape = shape }, x.Region,
                x.IsTraced ? new UnaryNode("Reshape", x, (g, x, _) => g.Reshape(x.Shape.Sizes)) : null)
            {
                Lookup = x.Lookup,
            });
    }

    /// <summary>Flattens the dimensions from <paramref name="axis"/> on.</summary>
    public static Tensor Flatten(this Tensor x, int axis)
    {
        var along = x.Shape.Axis("Flatten", axis);
        return x.Reshape([.. x.Shape[..along], x.Shape[along..].Size]);
    }

    /// <summary>Swaps two dimensions.</summary>
    public static Tensor Transpose(this Tensor x, int first, int second)
    {
        var (a, b) = (x.Shape.Axis("Transpose", first), x.Shape.Axis("Transpose", second));
        var order = Enumerable.Range(0, x.Shape.Rank).ToArray();
        (order[a], order[b]) = (b, a);
        Shape shape = [.. order.Select(axis => x.Shape[axis])];
        return Primitive(x, x.Engine.Permute(x.Raw, order, shape), (g, _, _) => g.Transpose(a, b));
    }

    /// <summary><paramref name="length"/> elements of one dimension, from <paramref name="start"/> on.</summary>
    public static Tensor Slice(this Tensor x, int axis, int start, int length)
    {
        var along = x.Shape.Axis("Slice", axis);
        var whole = x.Shape[along];
        if (start < 0 || length < 0 || start > whole - length)
            throw new ArgumentException(
                $"Slice: {length} elements from {start} on are not in dimension {along} of {x.Shape}.");
        if (start == 0 && length == whole)
            return x;
        var slice = x.Engine.Slice(x.Raw, along, start, length);
        x.Region.Own(slice.Storage);
        return Observed(new(slice, x.Region, x.IsTraced ? new SliceNode(x, along, start) : null));
    }

    /// <summary>One index of a dimension, which is removed: <c>x.At(1, t)</c> is x[:, t].</summary>
    public static Tensor At(this Tensor x, int axis, int index)
    {
        var along = x.Shape.Axis("At", axis);
        return x.Slice(along, index, 1).Reshape(x.Shape.Without(along).Sizes);
    }

    /// <summary>Splits one dimension into equal parts.</summary>
    /// <exception cref="ArgumentException">The dimension is not divisible by the number of parts.</exception>
    public static Tensor[] Split(this Tensor x, int axis, int parts)
    {
        var along = x.Shape.Axis("Split", axis);
        var length = x.Shape[along] / Math.Max(1, parts);
        return length * parts == x.Shape[along] && parts > 0
            ? [.. Enumerable.Range(0, parts).Select(i => x.Slice(along, i * length, length))]
            : throw new ArgumentException(
                $"Split: dimension {along} of {x.Shape} does not divide into {parts} equal parts.");
    }

    /// <summary>Concatenates tensors along an existing dimension.</summary>
    public static Tensor Concat(int axis, params Tensor[] parts)
    {
        if (parts.Length == 0)
            throw new ArgumentException("Concat: no tensors given.");
        var first = parts[0];
        var along = first.Shape.Axis("Concat", axis);
        var starts = new int[parts.Length + 1];
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Shape.Rank != first.Shape.Rank || parts[i].Shape.With(along, 0) != first.Shape.With(along, 0))
                throw new ArgumentException(
                    $"Concat: sizes differ outside dimension {along}, {first.Shape} and {parts[i].Shape}.");
            _ = EngineOf("Concat", first, parts[i]);
            starts[i + 1] = starts[i] + parts[i].Shape[along];
        }
        // Empty parts contribute nothing: an empty cache costs no copy.
        if (parts.Where(part => part.Shape[along] > 0).ToArray() is [var only] && only.Type == first.Type)
            return only;
        var raws = Array.ConvertAll(parts, part => part.Expect("Concat", first.Type));
        return Primitive(
            parts, first.Engine.Concat(raws, along, first.Shape.With(along, starts[^1])),
            (g, i) => g.Slice(along, starts[i], starts[i + 1] - starts[i]));
    }

    /// <summary>Stacks tensors of one shape along a new dimension.</summary>
    public static Tensor Stack(int axis, params Tensor[] parts)
    {
        if (parts.Length == 0)
            throw new ArgumentException("Stack: no tensors given.");
        var rank = parts[0].Shape.Rank;
        var along = axis < 0 ? axis + rank + 1 : axis;
        if (along < 0 || along > rank)
            throw new ArgumentException($"Stack: {parts[0].Shape} has no place {axis} for a new dimension.");
        foreach (var part in parts)
            if (part.Shape != parts[0].Shape)
                throw new ArgumentException($"Stack: shapes differ, {parts[0].Shape} and {part.Shape}.");
        return Concat(along, Array.ConvertAll(parts, part => part.Reshape(part.Shape.Insert(along, 1).Sizes)));
    }

    /// <summary>x broadcast to a shape.</summary>
    public static Tensor BroadcastTo(Tensor x, Shape shape)
    {
        if (x.Shape == shape)
            return x;
        if (Shape.Broadcast("BroadcastTo", x.Shape, shape) != shape)
            throw new ArgumentException($"BroadcastTo: {x.Shape} does not broadcast to {shape}.");
        return Primitive(
            x, x.Engine.BroadcastTo(x.Raw, shape),
            (g, x, _) => Unbroadcast(g, x.Shape));
    }

    /// <summary>The rows of a table (R, C) at ids (…): (…, C).</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in 0 … R − 1.</exception>
    public static Tensor Gather(Tensor table, Tensor ids)
    {
        if (table.Shape.Rank != 2)
            throw new ArgumentException($"Gather: the table must be (R, C), not {table.Shape}.");
        var rows = table.Shape[0];
        var places = ids.Expect("Gather", ElementType.Int32);
        return Primitive(
            table, ids, EngineOf("Gather", table, ids).Gather(table.Raw, places),
            (g, _, ids) => Flat(g.Region, g.Engine.ScatterAdd(g.Raw, ids.Raw, rows)),
            (_, _, _) => throw new InvalidOperationException("Gather: ids have no gradient."),
            new Lookup(table, ids));
    }
}
