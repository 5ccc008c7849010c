using System.Runtime.CompilerServices;

namespace Makemore;

internal sealed unsafe partial class ManagedEngine<V>
{
    public Raw Sum(Raw x, int axis) => Reduce(x, axis, isSum: true);

    public Raw Max(Raw x, int axis) => Reduce(x, axis, isSum: false);

    public Raw CumulativeSum(Raw x, int axis, bool reverse)
    {
        var result = Allocate(x.Shape);
        var (outer, length, inner) = x.Shape.Around(axis);
        for (var o = 0; o < outer; o++)
            CumulativeRun(At(x) + (o * length * inner), At(result) + (o * length * inner), length, inner, reverse);
        return Finish(result, x);
    }

    public Raw MaskFuture(Raw x, float fill)
    {
        var result = Allocate(x.Shape);
        var (rows, columns) = (x.Shape[^2], x.Shape[^1]);
        float* source = At(x), target = At(result);
        var count = x.Shape.Size / Math.Max(1, columns);
        ParallelFor(x, count, 1, CopyCost(count, columns), (from, to) => MaskRows(source, target, from, to, rows, columns, fill));
        return Finish(result, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void MaskRows(float* x, float* y, int from, int to, int rows, int columns, float fill)
    {
        var end = y + ((long)to * columns);
        for (var row = from; row < to; row++)
        {
            float* values = x + ((long)row * columns), into = y + ((long)row * columns);
            for (var column = 0; column < columns; column += V.Count)
                Store(V.Load(values + column), into + column, end);
            for (var column = columns - rows + 1 + (row % rows); column < columns; column += V.Count)
                Store(V.Of(fill), into + column, end);
        }
    }

    private Raw Reduce(Raw x, int axis, bool isSum)
    {
        var result = Allocate(x.Shape.With(axis, 1));
        var (outer, length, inner) = x.Shape.Around(axis);
        float* source = At(x), target = At(result);
        var work = (long)outer * length * inner / 16;
        if (inner > 1 && outer == 1 && isSum)
            SumColumns(x, target, length, inner, work);
        else if (inner > 1 && outer == 1)
            ParallelFor(
                default, inner, 16, work, (from, to) => ReduceColumns(source, target, length, inner, from, to, isSum: false));
        else
            ParallelFor(x, outer, 1, work, (from, to) =>
            {
                for (var o = from; o < to; o++)
                    ReduceOne(source + ((long)o * length * inner), target + ((long)o * inner), length, inner, isSum);
            });
        return Finish(result, default, x);
    }

    /// <summary>The sums over the rows of (length, inner), each half on the thread that computed it.</summary>
    private void SumColumns(Raw x, float* y, int length, int inner, long work)
    {
        var padded = Lanes<V>.Padded(inner);
        using var halves = RentScratch(2 * padded);
        float* source = At(x), sums = halves.Start;
        ParallelSums(x, length, inner, 16, work, (_, half, rows, columns) => ReduceColumns(
            source + ((long)rows.Start.Value * inner), sums + (half * padded), rows.End.Value - rows.Start.Value, inner,
            columns.Start.Value, columns.End.Value, isSum: true));
        AddHalves(sums, y, length, inner);
    }

    /// <summary>Adds the sums over the two halves of the rows, which are contiguous and padded.</summary>
    private static void AddHalves(float* halves, float* sums, int rows, int columns)
    {
        if (Halves(rows) == 1)
            Copy(halves, sums, columns);
        else
            ZipRow(halves, 1, halves + Lanes<V>.Padded(columns), 1, sums, columns, default(AddZip));
    }

    private static void ReduceOne(float* x, float* y, int length, int inner, bool isSum)
    {
        if (inner > 1)
            ReduceColumns(x, y, length, inner, 0, inner, isSum);
        else
            *y = (isSum ? Lanes<V>.Sum(x, length) : MaxOfRow(x, length)) + 0f;
    }

    private static float MaxOfRow(float* x, int length)
    {
        var mask = stackalloc float[Lanes<V>.Count];
        Lanes<V>.TailMask(length, mask);
        return Lanes<V>.Max(x, length, mask);
    }

    /// <summary>Reduces (length, inner) to (inner), row by row, in the columns from … to − 1.</summary>
    /// <remarks>Whether −0 or 0 comes first depends on the vector width; adding 0 turns both into 0.</remarks>
    private static void ReduceColumns(float* x, float* y, int length, int inner, int from, int to, bool isSum)
    {
        var column = from;
        for (; column <= to - (4 * V.Count); column += 4 * V.Count)
            ReduceFour(x + column, y + column, length, inner, isSum);
        for (; column <= to - V.Count; column += V.Count)
            ReduceVector<V>(x + column, y + column, length, inner, isSum);
        for (; column < to; column++)
            ReduceVector<V1>(x + column, y + column, length, inner, isSum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ReduceVector<W>(float* x, float* y, int length, int inner, bool isSum)
        where W : struct, ISimd<W>
    {
        var total = W.Of(isSum ? 0 : float.NegativeInfinity);
        for (var row = 0; row < length; row++, x += inner)
            total = isSum ? total + W.Load(x) : Lanes<W>.Maximum(W.Load(x), total);
        (total + W.Of(0)).Store(y);
    }

    /// <summary>Four adjacent vectors, to read the cache lines of a row together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ReduceFour(float* x, float* y, int length, int inner, bool isSum)
    {
        V a = V.Of(isSum ? 0 : float.NegativeInfinity), b = a, c = a, d = a;
        for (var row = 0; row < length; row++, x += inner)
        {
            V p = V.Load(x), q = V.Load(x + V.Count), r = V.Load(x + (2 * V.Count)), s = V.Load(x + (3 * V.Count));
            (a, b) = isSum ? (a + p, b + q) : (Lanes<V>.Maximum(p, a), Lanes<V>.Maximum(q, b));
            (c, d) = isSum ? (c + r, d + s) : (Lanes<V>.Maximum(r, c), Lanes<V>.Maximum(s, d));
        }
        (a + V.Of(0)).Store(y);
        (b + V.Of(0)).Store(y + V.Count);
        (c + V.Of(0)).Store(y + (2 * V.Count));
        (d + V.Of(0)).Store(y + (3 * V.Count));
    }

    private static void CumulativeRun(float* x, float* y, int length, int inner, bool reverse)
    {
        var step = reverse ? -inner : inner;
        var at = reverse ? (length - 1) * inner : 0;
        for (var i = 0; i < length; i++, at += step)
            if (i == 0)
                Copy(x + at, y + at, inner);
            else
                ZipRow(x + at, 1, y + at - step, 1, y + at, inner, default(AddZip));
    }

    private static void CheckPlaces(string what, Raw ids, int low, int count)
    {
        var places = new ReadOnlySpan<int>(Ints(ids), ids.Shape.Size);
        foreach (var place in places)
            if (place < low || place >= count)
                throw new ArgumentOutOfRangeException(nameof(ids), $"{what} {place} is not in {low} … {count - 1}.");
    }
}
