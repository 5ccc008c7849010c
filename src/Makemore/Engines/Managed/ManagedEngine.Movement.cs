using System.Runtime.CompilerServices;

namespace Makemore;

internal sealed unsafe partial class ManagedEngine<V>
{
    public Raw Permute(Raw x, ReadOnlySpan<int> order, Shape shape)
    {
        var result = Allocate(shape, x.Type);
        Span<int> steps = stackalloc int[shape.Rank];
        for (var i = 0; i < shape.Rank; i++)
            steps[i] = x.Shape.Around(order[i]).Inner;
        if (shape.Rank > 1 && IsWorthParallel(CopyCost(1, shape.Size), x))
            ParallelWalk(x, result, [.. steps]);
        else if (shape.Size > 0)
            Walk(At(x), At(result), shape.Sizes, steps);
        return Finish(result, x);
    }

    private void ParallelWalk(Raw x, Raw result, int[] steps)
    {
        var (shape, inner) = (result.Shape, result.Shape.Size / result.Shape[0]);
        float* source = At(x), target = At(result);
        ParallelFor(x, shape[0], 1, CopyCost(1, shape.Size), (from, to) =>
        {
            for (var i = from; i < to; i++)
                Walk(source + ((long)i * steps[0]), target + ((long)i * inner), shape.Sizes[1..], steps.AsSpan(1));
        });
    }

    public Raw Slice(Raw x, int axis, int start, int length)
    {
        var result = Allocate(x.Shape.With(axis, length), x.Type);
        var (outer, whole, inner) = x.Shape.Around(axis);
        MoveRuns(x, At(x) + ((long)start * inner), At(result), outer, whole * inner, length * inner, length * inner);
        return Finish(result, x);
    }

    public Raw Unslice(Raw x, int axis, int start, int length)
    {
        var result = Allocate(x.Shape.With(axis, length));
        var (outer, part, inner) = x.Shape.Around(axis);
        var (before, run, whole) = (start * inner, part * inner, length * inner);
        float* source = At(x), target = At(result);
        ParallelFor(x, outer, 1, CopyCost(outer, whole), (from, to) =>
        {
            for (var o = from; o < to; o++)
            {
                var row = target + ((long)o * whole);
                new Span<float>(row, before).Clear();
                Copy(source + ((long)o * run), row + before, run);
                new Span<float>(row + before + run, whole - before - run).Clear();
            }
        });
        return Finish(result, x);
    }

    public Raw AccumulateSlice(Raw sum, Raw x, int axis, int start)
    {
        var (outer, part, inner) = x.Shape.Around(axis);
        var (length, run) = (sum.Shape[axis], part * inner);
        float* source = At(x), target = AtSum(sum) + ((long)start * inner);
        var step = length * inner;
        if (IsWorthParallel(CopyCost(outer, run), x))
            ParallelAdd(x, source, target, outer, run, step);
        else
            AddRuns(source, target, 0, outer, run, step);
        return Finish(sum, x);
    }

    private void ParallelAdd(Raw x, float* source, float* target, int runs, int run, int step) =>
        ParallelFor(x, runs, 1, CopyCost(runs, run), (from, to) => AddRuns(source, target, from, to, run, step));

    private static void AddRuns(float* source, float* target, int from, int to, int run, int step)
    {
        for (var o = from; o < to; o++)
        {
            var row = target + ((long)o * step);
            ZipRow(row, 1, source + ((long)o * run), 1, row, run, default(AddZip));
        }
    }

    public Raw Concat(ReadOnlySpan<Raw> parts, int axis, Shape shape)
    {
        if (parts.Length == 2 && ((ManagedStorage)parts[0].Storage).IsJoined && Append(parts[0], parts[1], axis, shape) is { } grown)
            return grown;
        var result = Allocate(shape, parts[0].Type);
        var (outer, whole, inner) = shape.Around(axis);
        var target = At(result);
        foreach (var part in parts)
        {
            var run = part.Shape[axis] * inner;
            MoveRuns(part, At(part), target, outer, run, whole * inner, run);
            target += run;
            Finish(result, part);
        }
        ((ManagedStorage)result.Storage).IsJoined = parts.Length == 2;
        return Finish(result);
    }

    /// <summary>Concatenates what is appended to again and again, such as a cache, in memory with room for more; null if there
    /// is as much new as old.</summary>
    private Raw? Append(Raw x, Raw added, int axis, Shape shape)
    {
        var (outer, _, inner) = shape.Around(axis);
        int old = x.Shape[axis] * inner, more = added.Shape[axis] * inner;
        if (more > old || 2L * shape.Size > int.MaxValue / 2)
            return null;
        var source = ((ManagedStorage)x.Storage).RunsOf(outer, old);
        var runs = source is { } own && own.Extend(old, old + more)
            ? own
            : new(_pool, _pool.Rent(2 * shape.Size), outer, 2 * (old + more), old + more);
        if (!ReferenceEquals(runs, source))
            MoveRuns(
                x, source is null ? At(x) : source.Pointer, runs.Pointer, outer, source?.Capacity ?? old, runs.Capacity, old);
        MoveRuns(added, At(added), runs.Pointer + old, outer, more, runs.Capacity, more);
        KeepAlive(x, added);
        return new(new ManagedStorage(this, _pool, runs, old + more) { IsJoined = true }, shape, x.Type);
    }

    public Raw Gather(Raw table, Raw ids)
    {
        CheckPlaces("Gather: id", ids, 0, table.Shape[0]);
        var columns = table.Shape[1];
        var result = Allocate(ids.Shape.Insert(ids.Shape.Rank, columns), table.Type);
        float* source = At(table), target = At(result);
        int* places = Ints(ids);
        ParallelFor(default, ids.Shape.Size, 1, CopyCost(ids.Shape.Size, columns), (from, to) =>
        {
            for (var i = from; i < to; i++)
                Copy(source + ((long)places[i] * columns), target + ((long)i * columns), columns);
        });
        return Finish(result, default, table, ids);
    }

    public Raw ScatterAdd(Raw x, Raw ids, int rows)
    {
        var columns = x.Shape[^1];
        var result = Allocate([rows, columns]);
        var padded = Lanes<V>.Padded(columns);
        // The padding of a row of the sums takes what is read past the end of a row of x.
        using var sums = RentScratch(padded > columns ? rows * padded : 0);
        float* source = At(x), into = padded > columns ? sums.Start : At(result);
        int* places = Ints(ids);
        var count = ids.Shape.Size;
        ParallelFor(default, columns, 16, (long)count * columns / 4, (from, to) =>
            AddRows(source, places, into, count, rows, columns, from, to));
        if (padded > columns)
            CopyRuns(into, At(result), rows, padded, columns, columns);
        return Finish(result, default, x, ids);
    }

    /// <summary>Clears some columns of the sums, whose rows are padded, and adds the rows of x where their ids say.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddRows(float* x, int* places, float* sums, int count, int rows, int columns, int from, int to)
    {
        var padded = Lanes<V>.Padded(columns);
        for (var row = 0; row < rows; row++)
            for (var column = from; column < to; column += V.Count)
                V.Of(0).Store(sums + ((long)row * padded) + column);
        for (var i = 0; i < count; i++, x += columns)
        {
            var sum = sums + ((long)places[i] * padded);
            for (var column = from; column < to; column += V.Count)
                (V.Load(sum + column) + V.Load(x + column)).Store(sum + column);
        }
    }

    // Memory is slower than arithmetic: copying a vector costs as much as a few operations.
    private static long CopyCost(int runs, int length) => (long)runs * length / 2;

    /// <summary>Copies runs of elements with a stride in the source and one in the target.</summary>
    private void MoveRuns(Raw x, float* source, float* target, int runs, int stepSource, int stepTarget, int length)
    {
        if (IsWorthParallel(CopyCost(runs, length), x))
            ParallelCopy(x, source, target, runs, stepSource, stepTarget, length);
        else
            CopyRuns(source, target, runs, stepSource, stepTarget, length);
    }

    private void ParallelCopy(Raw x, float* source, float* target, int runs, int stepSource, int stepTarget, int length) =>
        ParallelFor(x, runs, 1, CopyCost(runs, length), (from, to) => CopyRuns(
            source + ((long)from * stepSource), target + ((long)from * stepTarget), to - from, stepSource, stepTarget, length));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CopyRuns(float* source, float* target, int runs, int stepSource, int stepTarget, int length)
    {
        for (var run = 0; run < runs; run++, source += stepSource, target += stepTarget)
            if (length == 1)
                *target = *source;
            else if (length % V.Count == 0)
                for (var i = 0; i < length; i += V.Count)
                    V.Load(source + i).Store(target + i);
            else
                Copy(source, target, length);
    }

    /// <summary>Copies elements by vectors, the last of which may overlap the one before it. Most runs are too short to repay a
    /// call of the system's copy.</summary>
    private static void Copy(float* source, float* target, int count)
    {
        var i = 0;
        if (count >= V.Count)
        {
            for (; i <= count - V.Count; i += V.Count)
                V.Load(source + i).Store(target + i);
            if (i < count)
                V.Load(source + count - V.Count).Store(target + count - V.Count);
            return;
        }
        for (; i <= count - V4.Count; i += V4.Count)
            V4.Load(source + i).Store(target + i);
        for (; i < count; i++)
            target[i] = source[i];
    }

    /// <summary>Fills the target in order from a source with the given strides.</summary>
    private static void Walk(float* source, float* target, ReadOnlySpan<int> sizes, ReadOnlySpan<int> steps)
    {
        if (sizes.Length < 2)
        {
            WalkRuns(source, target, 1, 0, sizes.Length == 0 ? 1 : sizes[0], sizes.Length == 0 ? 1 : steps[0]);
            return;
        }
        if (sizes.Length == 2)
        {
            WalkRuns(source, target, sizes[0], steps[0], sizes[1], steps[1]);
            return;
        }
        var inner = 1;
        foreach (var size in sizes[1..])
            inner *= size;
        for (var i = 0; i < sizes[0]; i++)
            Walk(source + ((long)i * steps[0]), target + ((long)i * inner), sizes[1..], steps[1..]);
    }

    /// <summary>The two innermost dimensions of <see cref="Walk"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void WalkRuns(float* source, float* target, int runs, int stepRun, int length, int step)
    {
        if (step == 1)
            CopyRuns(source, target, runs, stepRun, length, length);
        else
            for (var run = 0; run < runs; run++, source += stepRun, target += length)
                for (var i = 0; i < length; i++)
                    target[i] = source[(long)i * step];
    }
}
