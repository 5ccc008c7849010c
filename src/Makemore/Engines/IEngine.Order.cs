namespace Makemore;

/// <summary>Order, elements by their places along a dimension, and scans.</summary>
public partial interface IEngine
{
    /// <summary>The places along one dimension of the elements in ascending or descending order: integers in the shape of x,
    /// which holds numbers or integers. Equal elements keep their order; NaN is above all numbers.</summary>
    Raw ArgSort(Raw x, int axis, bool descending);

    /// <summary>The first place of the maximum over one dimension, which is kept with size 1; NaN is above all numbers.</summary>
    Raw ArgMax(Raw x, int axis) => Slice(ArgSort(x, axis, descending: true), axis, 0, 1);

    /// <summary>The elements of x, numbers or integers, at places along one dimension: those of ids, in its shape, which differs
    /// from that of x in this dimension only.</summary>
    Raw GatherAlong(Raw x, Raw ids, int axis);

    /// <summary>The pullback of <see cref="GatherAlong"/>: adds the elements of x, in order, to zeros that have the given length
    /// in one dimension, at the places of ids along it.</summary>
    Raw ScatterAddAlong(Raw x, Raw ids, int axis, int length);

    /// <summary>The cumulative maximum over one dimension; NaN from the first NaN on.</summary>
    Raw CumulativeMax(Raw x, int axis);

    /// <summary>y(t) = a(t) y(t − 1) + b(t) over one dimension, from y(0) = b(0) on; in reverse, y(t) = a(t) y(t + 1) + b(t),
    /// from the last on.</summary>
    Raw LinearRecurrence(Raw a, Raw b, int axis, bool reverse)
    {
        var steps = new Raw[a.Shape[axis]];
        for (var i = 0; i < steps.Length; i++)
        {
            var t = reverse ? steps.Length - 1 - i : i;
            var step = Slice(b, axis, t, 1);
            steps[t] = i == 0
                ? step
                : Add(Multiply(Slice(a, axis, t, 1), steps[reverse ? t + 1 : t - 1], step.Shape), step, step.Shape);
        }
        return steps.Length == 0 ? Full(0, b.Shape) : Concat(steps, axis, b.Shape);
    }
}
