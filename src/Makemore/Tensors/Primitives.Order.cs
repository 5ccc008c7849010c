namespace Makemore;

/// <summary>Order, and elements by their places along a dimension. Places are integers, and no gradient flows through
/// them.</summary>
public static partial class Primitives
{
    /// <summary>The first place of the maximum over one dimension, which is removed or kept with size 1; NaN is above all
    /// numbers.</summary>
    /// <exception cref="ArgumentException">The dimension is empty.</exception>
    public static Tensor ArgMax(Tensor x, int axis, bool keepDimension = false)
    {
        var along = x.Shape.Axis("ArgMax", axis);
        if (x.Shape[along] == 0)
            throw new ArgumentException($"ArgMax: dimension {along} of {x.Shape} is empty.");
        var places = Flat(x.Region, x.Engine.ArgMax(x.Raw, along));
        return keepDimension ? places : places.Reshape(x.Shape.Without(along).Sizes);
    }

    /// <summary>The first place of the minimum over one dimension; see <see cref="ArgMax"/>.</summary>
    public static Tensor ArgMin(Tensor x, int axis, bool keepDimension = false) =>
        ArgMax(x.Type == ElementType.Int32 ? -1 - x : -x.Detach(), axis, keepDimension);   // −int.MinValue would overflow.

    /// <summary>The places of the elements along one dimension, in ascending or descending order: integers in the shape of x.
    /// Equal elements keep their order; NaN is above all numbers.</summary>
    public static Tensor ArgSort(Tensor x, int axis = -1, bool descending = false) =>
        Flat(x.Region, x.Engine.ArgSort(x.Raw, x.Shape.Axis("ArgSort", axis), descending));

    /// <summary>The elements along one dimension in ascending or descending order, and the places they come from; see
    /// <see cref="ArgSort"/>.</summary>
    public static (Tensor Values, Tensor Places) Sort(Tensor x, int axis = -1, bool descending = false)
    {
        var places = ArgSort(x, axis, descending);
        return (x.GatherAlong(axis, places), places);
    }

    /// <summary>The k largest elements along one dimension, the largest first, and the places they come from.</summary>
    /// <exception cref="ArgumentException">The dimension has fewer than k elements.</exception>
    public static (Tensor Values, Tensor Places) TopK(Tensor x, int k, int axis = -1)
    {
        var along = x.Shape.Axis("TopK", axis);
        if (k < 0 || k > x.Shape[along])
            throw new ArgumentException($"TopK: dimension {along} of {x.Shape} does not have {k} elements.");
        var places = ArgSort(x, along, descending: true).Slice(along, 0, k);
        return (x.GatherAlong(along, places), places);
    }

    /// <summary>The elements at places along one dimension: ids (…, n, …) → (…, n, …), broadcast to x in the other
    /// dimensions.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An id is not a place of the dimension.</exception>
    public static Tensor GatherAlong(this Tensor x, int axis, Tensor ids)
    {
        var along = x.Shape.Axis("GatherAlong", axis);
        var places = Along("GatherAlong", x.Shape, along, ids);
        var value = EngineOf("GatherAlong", x, ids).GatherAlong(x.Raw, places.Raw, along);
        return x.Type == ElementType.Int32
            ? Flat(Region.Innermost(x.Region, ids.Region), value)
            : Primitive(
                x, places, value,
                (g, x, ids) => Flat(g.Region, g.Engine.ScatterAddAlong(g.Raw, ids.Raw, along, x.Shape[along])),
                (_, _, _) => throw new InvalidOperationException("GatherAlong: ids have no gradient."));
    }

    /// <summary>x with values added at places along one dimension, in order: ids (…, n, …) and values (…, n, …), broadcast to x in
    /// the other dimensions.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An id is not a place of the dimension.</exception>
    public static Tensor ScatterAddAlong(this Tensor x, int axis, Tensor ids, Tensor values)
    {
        var along = x.Shape.Axis("ScatterAddAlong", axis);
        return x + Scattered("ScatterAddAlong", x.Shape, along, ids, values);
    }

    /// <summary>x with elements replaced by values at places along one dimension; see <see cref="ScatterAddAlong"/>. Where a
    /// place is given twice, its values are added.</summary>
    public static Tensor ScatterAlong(this Tensor x, int axis, Tensor ids, Tensor values)
    {
        var along = x.Shape.Axis("ScatterAlong", axis);
        var ones = Scattered("ScatterAlong", x.Shape, along, ids, OnesLike(values.Detach()));
        return Where(ones, Scattered("ScatterAlong", x.Shape, along, ids, values), x);
    }

    /// <summary>The parts of x at ids (…) of one dimension, which their shape replaces: <c>x.Take(1, ids)</c> is x[:,
    /// ids].</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not a place of the dimension.</exception>
    public static Tensor Take(this Tensor x, int axis, Tensor ids)
    {
        var along = x.Shape.Axis("Take", axis);
        var (outer, length, inner) = x.Shape.Around(along);
        var rows = Gather(x.Reshape([outer * length, inner]), RowsAlong("Take", outer, length, ids));
        return rows.Reshape([.. x.Shape[..along], .. ids.Shape, .. x.Shape[(along + 1)..]]);
    }

    /// <summary>x with values added, in order, at ids (n) of one dimension. values have the shape of x, but n in this
    /// dimension.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An id is not a place of the dimension.</exception>
    public static Tensor IndexAdd(this Tensor x, int axis, Tensor ids, Tensor values)
    {
        var along = x.Shape.Axis("IndexAdd", axis);
        if (ids.Shape.Rank != 1 || values.Shape != x.Shape.With(along, ids.Shape[0]))
            throw new ArgumentException(
                $"IndexAdd: ids {ids.Shape} and values {values.Shape} do not fit dimension {along} of {x.Shape}.");
        var (outer, length, inner) = x.Shape.Around(along);
        var places = RowsAlong("IndexAdd", outer, length, ids);
        var rows = values.Reshape([outer, ids.Shape[0], inner]);
        var added = Primitive(
            rows, places, EngineOf("IndexAdd", rows, places).ScatterAdd(Float("IndexAdd", rows), places.Raw, outer * length),
            (g, _, ids) => Gather(g, ids),
            (_, _, _) => throw new InvalidOperationException("IndexAdd: ids have no gradient."));
        return x + added.Reshape(x.Shape.Sizes);
    }

    /// <summary>Zeros of a shape with values added at places along one dimension.</summary>
    private static Tensor Scattered(string operation, Shape shape, int axis, Tensor ids, Tensor values)
    {
        var places = Along(operation, shape, axis, ids);
        var all = BroadcastTo(values, places.Shape);
        return Primitive(
            all, places, EngineOf(operation, all, places).ScatterAddAlong(Float(operation, all), places.Raw, axis, shape[axis]),
            (g, _, ids) => g.GatherAlong(axis, ids),
            (_, _, _) => throw new InvalidOperationException($"{operation}: ids have no gradient."), null, operation);
    }

    /// <summary>Ids broadcast to a shape in all dimensions but one.</summary>
    private static Tensor Along(string operation, Shape shape, int axis, Tensor ids)
    {
        _ = ids.Expect(operation, ElementType.Int32);
        var fits = ids.Shape.Rank == shape.Rank
            && Enumerable.Range(0, shape.Rank).All(i => i == axis || ids.Shape[i] == 1 || ids.Shape[i] == shape[i]);
        return fits
            ? BroadcastTo(ids, shape.With(axis, ids.Shape[axis]))
            : throw new ArgumentException($"{operation}: ids {ids.Shape} do not fit {shape} outside dimension {axis}.");
    }

    /// <summary>The places (outer, n) of ids (n) in the rows of (outer · length, …).</summary>
    private static Tensor RowsAlong(string operation, int outer, int length, Tensor ids)
    {
        ids.ReadInts(values =>
        {
            foreach (var id in values)
                if (id < 0 || id >= length)
                    throw new ArgumentOutOfRangeException(nameof(ids), $"{operation}: id {id} is not in 0 … {length - 1}.");
        });
        return (Tensor.Range(outer, ids.Engine) * length).Reshape([outer, 1]) + ids.Reshape([1, ids.Shape.Size]);
    }
}
