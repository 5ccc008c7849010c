namespace Makemore.Tests;

/// <summary>
/// The naive counterpart of every kernel, in plain loops. Where the recipe for same bits specifies a result to the last bit, the
/// order of operations is the recipe's; elementary functions are the platform's, in double precision. The fused operations are
/// those that <see cref="IEngine"/> composes.
/// </summary>
internal sealed partial class NaiveEngine : IEngine
{
    public string Name => "naive";

    public Raw FromFloats(ReadOnlySpan<float> values, Shape shape) => Of(values.ToArray(), shape);

    public Raw FromInts(ReadOnlySpan<int> values, Shape shape) =>
        new(new NaiveStorage(this, [], values.ToArray()), shape, ElementType.Int32);

    public Raw Full(float value, Shape shape) => Of(_ => value, shape);

    public void Read(Raw x, Span<float> values) => Floats(x).CopyTo(values);

    public void Read(Raw x, Span<int> values) => Ints(x).CopyTo(values);

    public void Release(Storage storage)
    {
    }

    public Raw Add(Raw x, Raw y, Shape shape) => Zip(x, y, shape, (a, b) => a + b);

    public Raw Subtract(Raw x, Raw y, Shape shape) => Zip(x, y, shape, (a, b) => a - b);

    public Raw Multiply(Raw x, Raw y, Shape shape) => Zip(x, y, shape, (a, b) => a * b);

    public Raw Divide(Raw x, Raw y, Shape shape) => Zip(x, y, shape, (a, b) => a / b);

    public Raw Equal(Raw x, Raw y, Shape shape) => Zip(x, y, shape, (a, b) => a == b ? 1 : 0);

    public Raw Greater(Raw x, Raw y, Shape shape) => Zip(x, y, shape, (a, b) => a > b ? 1 : 0);

    public Raw Where(Raw mask, Raw x, Raw y) => Moved(x.Type, i => Floats(mask)[i] != 0 ? Bits(x, i) : Bits(y, i), x.Shape);

    public Raw Affine(Raw x, float scale, float offset) => Map(x, a => MathF.FusedMultiplyAdd(a, scale, offset));

    public Raw Exp(Raw x) => Map(x, a => (float)Math.Exp(a));

    public Raw Log(Raw x) => Map(x, a => (float)Math.Log(a));

    public Raw Tanh(Raw x) => Map(x, a => (float)Math.Tanh(a));

    public Raw Sigmoid(Raw x) => Map(x, a => (float)(1 / (1 + Math.Exp(-a))));

    public Raw Relu(Raw x) => Map(x, a => Math.Max(a, 0));

    public Raw Gelu(Raw x) => Map(x, a => (float)ElementaryTests.Gelu(a));

    public Raw Sqrt(Raw x) => Map(x, MathF.Sqrt);

    public Raw Power(Raw x, float exponent) => Map(x, a => (float)Math.Pow(a, exponent));

    public Raw IsAtLeast(Raw ids, int bound) => Of(i => Ints(ids)[i] >= bound ? 1 : 0, ids.Shape);

    public Raw Sum(Raw x, int axis)
    {
        var isOverRows = x.Shape.Around(axis).Outer == 1;
        return Reduce(x, axis, (values, isInnermost) =>
            isInnermost ? SumOfLanes(values)
            : isOverRows ? SumOverRows(values.Length, (from, to) => InOrder(values[from..to]))
            : InOrder(values));
    }

    public Raw Max(Raw x, int axis) => Reduce(x, axis, (values, _) => values.Aggregate(float.NegativeInfinity, Math.Max));

    public Raw CumulativeSum(Raw x, int axis, bool reverse) => Rearrange(x, axis, values =>
    {
        var run = values.ToArray();
        if (reverse)
            Array.Reverse(run);
        for (var i = 1; i < run.Length; i++)
            run[i] += run[i - 1];
        if (reverse)
            Array.Reverse(run);
        return run;
    });

    public Raw Softmax(Raw x) => Rearrange(x, x.Shape.Rank - 1, row => Array.ConvertAll(Logs(row), y => (float)Math.Exp(y)));

    public Raw LogSoftmax(Raw x) => Rearrange(x, x.Shape.Rank - 1, row => Array.ConvertAll(Logs(row), y => (float)y));

    public Raw MaskFuture(Raw x, float fill)
    {
        var (t, s) = (x.Shape[^2], x.Shape[^1]);
        return Of(i => i % s - (s - t) > i / s % t ? fill : Floats(x)[i], x.Shape);
    }

    public Raw MatMul(Raw x, Raw y, bool transposeX, bool transposeY, Shape shape)
    {
        var (m, n) = (shape[^2], shape[^1]);
        var k = transposeX ? x.Shape[^2] : x.Shape[^1];
        var batch = shape[..^2];
        return Of(
            at =>
            {
                var (place, row, column) = (at / (m * n), at / n % m, at % n);
                var left = Place(place, batch, x.Shape[..^2]) * m * k;
                var right = Place(place, batch, y.Shape[..^2]) * k * n;
                return transposeX && m > 1 && batch.Rank == 0 ? SumOverRows(k, Sum) : Sum(0, k);

                float Sum(int from, int to)
                {
                    var sum = 0f;
                    for (var i = from; i < to; i++)
                        sum = MathF.FusedMultiplyAdd(
                            Floats(x)[left + (transposeX ? (i * m) + row : (row * k) + i)],
                            Floats(y)[right + (transposeY ? (column * k) + i : (i * n) + column)], sum);
                    return sum;
                }
            },
            shape);
    }

    public Raw Permute(Raw x, ReadOnlySpan<int> order, Shape shape)
    {
        var axes = order.ToArray();
        return Moved(
            x.Type, at =>
            {
                var from = 0;
                for (var i = shape.Rank - 1; i >= 0; at /= shape[i], i--)
                    from += at % shape[i] * x.Shape.Around(axes[i]).Inner;
                return Bits(x, from);
            },
            shape);
    }

    public Raw Slice(Raw x, int axis, int start, int length) =>
        Rearrange(x, axis, values => values[start..(start + length)], length);

    public Raw Unslice(Raw x, int axis, int start, int length) => Rearrange(
        x, axis, values => [.. new float[start], .. values, .. new float[length - start - values.Length]], length);

    public Raw Concat(ReadOnlySpan<Raw> parts, int axis, Shape shape)
    {
        var starts = new int[parts.Length + 1];
        for (var i = 0; i < parts.Length; i++)
            starts[i + 1] = starts[i] + parts[i].Shape[axis];
        var (all, inner) = (parts.ToArray(), shape.Around(axis).Inner);
        return Moved(
            all[0].Type, at =>
            {
                var (outer, place) = (at / inner / shape[axis], at / inner % shape[axis]);
                var part = Array.FindLastIndex(starts, all.Length - 1, start => start <= place);
                return Bits(all[part], (((outer * all[part].Shape[axis]) + place - starts[part]) * inner) + (at % inner));
            },
            shape);
    }

    public Raw BroadcastTo(Raw x, Shape shape) => Moved(x.Type, i => Bits(x, Place(i, shape, x.Shape)), shape);

    public Raw Gather(Raw table, Raw ids)
    {
        var columns = table.Shape[1];
        return Moved(table.Type, i => Bits(table, (Ints(ids)[i / columns] * columns) + (i % columns)), [.. ids.Shape, columns]);
    }

    public Raw ScatterAdd(Raw x, Raw ids, int rows)
    {
        var columns = x.Shape[^1];
        var sums = new float[rows * columns];
        for (var i = 0; i < x.Shape.Size; i++)
            sums[(Ints(ids)[i / columns] * columns) + (i % columns)] += Floats(x)[i];
        return Of(sums, [rows, columns]);
    }

    public Raw TokenLoss(Raw logits, Raw targets) =>
        Of(i => Ints(targets)[i] < 0 ? 0 : (float)-Logs(Row(logits, i))[Ints(targets)[i]], targets.Shape);

    public Raw TokenLossPullback(Raw g, Raw logits, Raw targets, Raw losses)
    {
        var classes = logits.Shape[^1];
        return Of(
            at =>
            {
                var (row, column) = (at / classes, at % classes);
                var target = Ints(targets)[row];
                var slope = Math.Exp(Logs(Row(logits, row))[column]) - (column == target ? 1 : 0);
                return target < 0 ? 0 : (float)(slope * Floats(g)[row]);
            },
            logits.Shape);
    }

    /// <summary>A sum over the rows of a batch: where there are many, one over each half of them, of whole eights.</summary>
    public static float SumOverRows(int rows, Func<int, int, float> sum)
    {
        var half = (rows + 7) / 8 / 2 * 8;
        return rows < 128 ? sum(0, rows) : sum(0, half) + sum(half, rows);
    }

    private static float InOrder(float[] values) => values.Aggregate(0f, (sum, value) => sum + value);

    /// <summary>Element i goes to lane i mod 16; then the upper half of the lanes is added to the lower, four times.</summary>
    private static float SumOfLanes(float[] values)
    {
        var lanes = new float[16];
        for (var i = 0; i < values.Length; i++)
            lanes[i % 16] += values[i];
        for (; lanes.Length > 1; lanes = lanes[..(lanes.Length / 2)])
            for (var i = 0; i < lanes.Length / 2; i++)
                lanes[i] += lanes[i + (lanes.Length / 2)];
        return lanes[0];
    }

    /// <summary>x − ln Σ exp(x).</summary>
    private static double[] Logs(float[] row)
    {
        var max = row.Length == 0 ? 0 : row.Max();
        var log = max + Math.Log(row.Sum(x => Math.Exp((double)x - max)));
        return Array.ConvertAll(row, x => x - log);
    }

    /// <summary>The position in a broadcast operand of an element of the result.</summary>
    private static int Place(int at, Shape result, Shape own)
    {
        var (place, step) = (0, 1);
        for (var i = 1; i <= own.Rank; at /= result[^i], step *= own[^i], i++)
            place += own[^i] == 1 ? 0 : at % result[^i] * step;
        return place;
    }

    private Raw Map(Raw x, Func<float, float> function) => Of(i => function(Floats(x)[i]), x.Shape);

    private Raw Zip(Raw x, Raw y, Shape shape, Func<float, float, float> function) =>
        Of(i => function(Floats(x)[Place(i, shape, x.Shape)], Floats(y)[Place(i, shape, y.Shape)]), shape);

    private Raw Reduce(Raw x, int axis, Func<float[], bool, float> function) =>
        Rearrange(x, axis, values => [function(values, x.Shape.Around(axis).Inner == 1)], 1);

    /// <summary>A function of each run of elements along one dimension.</summary>
    private Raw Rearrange(Raw x, int axis, Func<float[], float[]> function, int? newLength = null)
    {
        var (outer, length, inner) = x.Shape.Around(axis);
        var size = newLength ?? length;
        var result = new float[outer * size * inner];
        for (var o = 0; o < outer; o++)
            for (var j = 0; j < inner; j++)
            {
                var run = Enumerable.Range(0, length).Select(i => Number(x, (((o * length) + i) * inner) + j));
                foreach (var (value, i) in function([.. run]).Select((value, i) => (value, i)))
                    result[(((o * size) + i) * inner) + j] = value;
            }
        return Moved(x.Type, i => BitConverter.SingleToInt32Bits(result[i]), x.Shape.With(axis, size));
    }

    private static float[] Row(Raw x, int row) => Floats(x)[(row * x.Shape[^1])..((row + 1) * x.Shape[^1])];

    private Raw Of(Func<int, float> element, Shape shape) => Of([.. Enumerable.Range(0, shape.Size).Select(element)], shape);

    private Raw Of(float[] values, Shape shape) => new(new NaiveStorage(this, values, []), shape);

    private static float[] Floats(Raw x) => ((NaiveStorage)x.Storage).Floats;

    private static int[] Ints(Raw x) => ((NaiveStorage)x.Storage).Ints;

    private sealed class NaiveStorage(IEngine engine, float[] floats, int[] ints) : Storage(engine)
    {
        public float[] Floats => floats;

        public int[] Ints => ints;
    }
}
