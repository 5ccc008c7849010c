namespace Makemore.Tests;

/// <summary>Integers, functions of elements, order and scans.</summary>
internal sealed partial class NaiveEngine
{
    public Raw Integers(IntegerOperation operation, Raw x, Raw y, Shape shape)
    {
        Func<long, long, long> function = operation switch
        {
            IntegerOperation.Add => (a, b) => a + b,
            IntegerOperation.Subtract => (a, b) => a - b,
            IntegerOperation.Multiply => (a, b) => a * b,
            IntegerOperation.Divide => (a, b) => a / b,
            IntegerOperation.Remainder => (a, b) => a % b,
            IntegerOperation.Minimum => Math.Min,
            IntegerOperation.Maximum => Math.Max,
            IntegerOperation.Equal => (a, b) => a == b ? 1 : 0,
            _ => (a, b) => a > b ? 1 : 0,
        };
        var values = Enumerable.Range(0, shape.Size)
            .Select(i => unchecked((int)function(Ints(x)[Place(i, shape, x.Shape)], Ints(y)[Place(i, shape, y.Shape)]))).ToArray();
        return operation is IntegerOperation.Equal or IntegerOperation.Greater
            ? Of(i => values[i], shape)
            : FromInts(values, shape);
    }

    public Raw Convert(Raw x, ElementType type) =>
        type == x.Type ? Moved(type, i => Bits(x, i), x.Shape)
        : type == ElementType.Float32 ? Of(i => Ints(x)[i], x.Shape)
        : FromInts([.. Floats(x).Select(Truncated)], x.Shape);

    public Raw Remainder(Raw x, Raw y, Shape shape) => Zip(x, y, shape, (a, b) => (float)((double)a % b));

    public Raw Minimum(Raw x, Raw y, Shape shape) => Zip(x, y, shape, Math.Min);

    public Raw Maximum(Raw x, Raw y, Shape shape) => Zip(x, y, shape, Math.Max);

    public Raw Abs(Raw x) => Map(x, Math.Abs);

    public Raw Sign(Raw x) => Map(x, a => Math.Sign(a));

    public Raw Sin(Raw x) => Map(x, a => (float)Math.Sin(a));

    public Raw Cos(Raw x) => Map(x, a => (float)Math.Cos(a));

    public Raw Erf(Raw x) => Map(x, a => (float)ElementaryTests.Erf(a));

    public Raw Softplus(Raw x) => Map(x, a => (float)ElementaryTests.Softplus(a));

    public Raw ArgSort(Raw x, int axis, bool descending) => Places(x, axis, values =>
    {
        var places = Enumerable.Range(0, values.Length);
        return descending
            ? [.. places.OrderByDescending(i => values[i], Ascending)]
            : [.. places.OrderBy(i => values[i], Ascending)];
    });

    public Raw GatherAlong(Raw x, Raw ids, int axis) => Moved(x.Type, i => Bits(x, Along(i, ids, axis, x.Shape[axis])), ids.Shape);

    public Raw ScatterAddAlong(Raw x, Raw ids, int axis, int length)
    {
        var sums = new float[x.Shape.With(axis, length).Size];
        for (var i = 0; i < x.Shape.Size; i++)
            sums[Along(i, ids, axis, length)] += Floats(x)[i];
        return Of(sums, x.Shape.With(axis, length));
    }

    public Raw CumulativeMax(Raw x, int axis) => Rearrange(
        x, axis, values => [.. values.Select((_, i) => values[..(i + 1)].Aggregate(Math.Max))]);

    public Raw LinearRecurrence(Raw a, Raw b, int axis, bool reverse)
    {
        var (_, length, inner) = b.Shape.Around(axis);
        var y = new float[b.Shape.Size];
        foreach (var i in reverse ? Enumerable.Range(0, y.Length).Reverse() : Enumerable.Range(0, y.Length))
        {
            var (t, before) = (i / inner % length, reverse ? i + inner : i - inner);
            y[i] = t == (reverse ? length - 1 : 0)
                ? Floats(b)[i]
                : MathF.FusedMultiplyAdd(Floats(a)[i], y[before], Floats(b)[i]);
        }
        return Of(y, b.Shape);
    }

    private static readonly Comparer<double> Ascending = Comparer<double>.Create((a, b) =>
        double.IsNaN(a) || double.IsNaN(b) ? double.IsNaN(a).CompareTo(double.IsNaN(b)) : a == b ? 0 : a.CompareTo(b));

    private static int Truncated(float value) =>
        float.IsNaN(value) ? 0 : (int)Math.Clamp(Math.Truncate((double)value), int.MinValue, int.MaxValue);

    /// <summary>The position in x of element i of ids, which are places along one dimension.</summary>
    private static int Along(int i, Raw ids, int axis, int length)
    {
        var (_, count, inner) = ids.Shape.Around(axis);
        return (((i / (count * inner) * length) + Ints(ids)[i]) * inner) + (i % inner);
    }

    /// <summary>Integers from each run of elements along one dimension.</summary>
    private Raw Places(Raw x, int axis, Func<double[], int[]> function)
    {
        var values = Rearrange(
            x.Type == ElementType.Float32 ? x : Of(i => Ints(x)[i], x.Shape), axis,
            run => Array.ConvertAll(function(Array.ConvertAll(run, value => (double)value)), place => (float)place));
        return Convert(values, ElementType.Int32);
    }

    private static float Number(Raw x, int i) => BitConverter.Int32BitsToSingle(Bits(x, i));

    private static int Bits(Raw x, int i) =>
        x.Type == ElementType.Int32 ? Ints(x)[i] : BitConverter.SingleToInt32Bits(Floats(x)[i]);

    /// <summary>Elements of another tensor, of its type, by their bits.</summary>
    private Raw Moved(ElementType type, Func<int, int> bits, Shape shape) => type == ElementType.Int32
        ? FromInts([.. Enumerable.Range(0, shape.Size).Select(bits)], shape)
        : Of(i => BitConverter.Int32BitsToSingle(bits(i)), shape);
}
