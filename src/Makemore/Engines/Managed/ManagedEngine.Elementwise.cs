using System.Runtime.CompilerServices;

namespace Makemore;

internal sealed unsafe partial class ManagedEngine<V>
{
    /// <summary>A function of one element, at any vector width.</summary>
    private interface IMap
    {
        W Of<W>(W x)
            where W : struct, ISimd<W>;
    }

    /// <summary>A function of two elements, at any vector width.</summary>
    private interface IZip
    {
        W Of<W>(W x, W y)
            where W : struct, ISimd<W>;
    }

    // Loading and storing a vector costs as much as a few operations.
    private const int MinCost = 6;

    // GELU is x sigmoid(2u) with 2u = a x³ + b x.
    private const float GeluA = 2 * GeluConstants.Scale * GeluConstants.Cubic, GeluB = 2 * GeluConstants.Scale;

    public Raw Affine(Raw x, float scale, float offset) =>
        offset == 0 ? Map(x, new ScaleMap(scale))
        : scale == 1 ? Map(x, new OffsetMap(offset))
        : Map(x, new AffineMap(scale, offset));

    public Raw Exp(Raw x) => Map(x, default(ExpMap), 8);

    public Raw Log(Raw x) => Map(x, default(LogMap), 8);

    public Raw Tanh(Raw x) => Map(x, default(TanhMap), 12);

    public Raw Sigmoid(Raw x) => Map(x, default(SigmoidMap), 8);

    public Raw Relu(Raw x) => Map(x, default(ReluMap));

    public Raw Gelu(Raw x) => Map(x, default(GeluMap), 10);

    public Raw Sqrt(Raw x) => Map(x, default(SqrtMap));

    public Raw Power(Raw x, float exponent) => exponent == MathF.Truncate(exponent) && MathF.Abs(exponent) <= 64
        ? Map(x, new WholePowerMap((int)exponent), MinCost + 4)
        : Map(x, new PowerMap(exponent), 16);

    public Raw Add(Raw x, Raw y, Shape shape) => Zip(x, y, shape, default(AddZip));

    public Raw Subtract(Raw x, Raw y, Shape shape) => Zip(x, y, shape, default(SubtractZip));

    public Raw Multiply(Raw x, Raw y, Shape shape) => Zip(x, y, shape, default(MultiplyZip));

    public Raw Divide(Raw x, Raw y, Shape shape) => Zip(x, y, shape, default(DivideZip));

    public Raw Equal(Raw x, Raw y, Shape shape) => Zip(x, y, shape, default(EqualZip));

    public Raw Greater(Raw x, Raw y, Shape shape) => Zip(x, y, shape, default(GreaterZip));

    public Raw TanhPullback(Raw g, Raw y) => Zip(g, y, y.Shape, default(TanhPullbackZip));

    public Raw SigmoidPullback(Raw g, Raw y) => Zip(g, y, y.Shape, default(SigmoidPullbackZip));

    public Raw GeluPullback(Raw g, Raw x) => Zip(g, x, x.Shape, default(GeluPullbackZip), 12);

    public Raw Accumulate(Raw sum, Raw x)
    {
        AtSum(sum);
        ZipInto(sum, x, sum, default(AddZip), MinCost);
        return sum;
    }

    public Raw BroadcastTo(Raw x, Shape shape)
    {
        var result = Allocate(shape, x.Type);
        Broadcast(x, x, result, default(FirstZip));
        return Finish(result, default, x);
    }

    public Raw Where(Raw mask, Raw x, Raw y)
    {
        var result = Allocate(x.Shape, x.Type);
        float* m = At(mask), a = At(x), b = At(y), r = At(result);
        for (var i = 0; i < x.Shape.Size; i += V.Count)
        {
            var isZero = V.IsEqual(V.Load(m + i), V.Of(0));
            V.Select(isZero, V.Load(b + i), V.Load(a + i)).Store(r + i);
        }
        return Finish(result, mask, x, y);
    }

    public Raw IsAtLeast(Raw ids, int bound)
    {
        var result = Allocate(ids.Shape);
        int* source = Ints(ids);
        float* target = At(result);
        for (var i = 0; i < ids.Shape.Size; i++)
            target[i] = source[i] >= bound ? 1 : 0;
        return Finish(result, ids);
    }

    private Raw Map<F>(Raw x, F function, int cost = MinCost)
        where F : struct, IMap
    {
        var result = Allocate(x.Shape);
        var (count, work) = (x.Shape.Size, (long)x.Shape.Size / 16 * cost);
        if (IsWorthParallel(work, x))
            ParallelMap(x, result, function, work);
        else
            MapRun(At(x), At(result), 0, count, function);
        return Finish(result, x);
    }

    // A method of its own, because a closure is allocated on all paths of the method that creates it.
    private void ParallelMap<F>(Raw x, Raw result, F function, long work)
        where F : struct, IMap
    {
        float* source = At(x), target = At(result);
        ParallelFor(x, x.Shape.Size, 16, work, (from, to) => MapRun(source, target, from, to, function));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MapRun<F>(float* source, float* target, int from, int to, F function)
        where F : struct, IMap
    {
        for (var i = from; i < to; i += V.Count)
            function.Of(V.Load(source + i)).Store(target + i);
    }

    private Raw Zip<F>(Raw x, Raw y, Shape shape, F function, int cost = MinCost)
        where F : struct, IZip
    {
        var result = Allocate(shape);
        if (x.Shape == y.Shape)
            ZipInto(x, y, result, function, cost);
        else
            Broadcast(x, y, result, function);
        return Finish(result, default, x, y);
    }

    /// <summary>Operands of the same shape.</summary>
    private void ZipInto<F>(Raw x, Raw y, Raw result, F function, int cost)
        where F : struct, IZip
    {
        var (count, work) = (result.Shape.Size, (long)result.Shape.Size / 16 * cost);
        var source = IsDistributed(y) ? y : x;
        if (IsWorthParallel(work, source))
            ParallelZip(source, x, y, result, function, work);
        else
            ZipRun(At(x), At(y), At(result), 0, count, function);
        SetDistributed(result, IsDistributed(source));
        KeepAlive(x, y);
    }

    private void ParallelZip<F>(Raw source, Raw x, Raw y, Raw result, F function, long work)
        where F : struct, IZip
    {
        float* a = At(x), b = At(y), target = At(result);
        ParallelFor(source, result.Shape.Size, 16, work, (from, to) => ZipRun(a, b, target, from, to, function));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ZipRun<F>(float* a, float* b, float* target, int from, int to, F function)
        where F : struct, IZip
    {
        for (var i = from; i < to; i += V.Count)
            function.Of(V.Load(a + i), V.Load(b + i)).Store(target + i);
    }

    /// <summary>Operands of different shapes.</summary>
    private void Broadcast<F>(Raw x, Raw y, Raw result, F function)
        where F : struct, IZip
    {
        var shape = result.Shape;
        Span<int> sizes = stackalloc int[shape.Rank + 1];
        Span<int> stepsA = stackalloc int[shape.Rank + 1], stepsB = stackalloc int[shape.Rank + 1];
        var rank = Strides.Merge(shape, x.Shape, y.Shape, sizes, stepsA, stepsB);
        var work = (long)shape.Size / 16 * MinCost;
        // A broadcast operand is read by all threads.
        var source = x.Shape == shape ? x : y.Shape == shape ? y : default;
        if (rank > 1 && IsWorthParallel(work, source))
            ParallelBroadcast(
                source, At(x), [.. stepsA[..rank]], At(y), [.. stepsB[..rank]], At(result), [.. sizes[..rank]], shape.Size, work,
                function);
        else
            BroadcastRuns(At(x), stepsA[..rank], At(y), stepsB[..rank], At(result), sizes[..rank], shape.Size, function);
        SetDistributed(result, IsDistributed(source));
    }

    /// <summary>Divides the outermost dimension among the threads.</summary>
    private void ParallelBroadcast<F>(
        Raw source, float* a, int[] stepsA, float* b, int[] stepsB, float* target, int[] sizes, int size, long work, F function)
        where F : struct, IZip
    {
        var inner = size / sizes[0];
        ParallelFor(source, sizes[0], 1, work, (from, to) => BroadcastRuns(
            a + ((long)from * stepsA[0]), stepsA, b + ((long)from * stepsB[0]), stepsB, target + ((long)from * inner),
            [to - from, .. sizes.AsSpan(1)], (to - from) * inner, function));
    }

    /// <summary>One loop over the innermost merged dimension, inside a counter over the others.</summary>
    private static void BroadcastRuns<F>(
        float* a, ReadOnlySpan<int> stepsA, float* b, ReadOnlySpan<int> stepsB, float* target, ReadOnlySpan<int> sizes, int size,
        F function)
        where F : struct, IZip
    {
        var (rank, inner) = (sizes.Length, sizes[^1]);
        Span<int> index = stackalloc int[rank];
        index.Clear();
        for (var at = 0; at < size; at += inner)
        {
            ZipRow(a, stepsA[rank - 1], b, stepsB[rank - 1], target + at, inner, function);
            for (var axis = rank - 2; axis >= 0; axis--)
            {
                a += stepsA[axis];
                b += stepsB[axis];
                if (++index[axis] < sizes[axis])
                    break;
                a -= (long)stepsA[axis] * sizes[axis];
                b -= (long)stepsB[axis] * sizes[axis];
                index[axis] = 0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ZipRow<F>(float* a, int stepA, float* b, int stepB, float* target, int count, F function)
        where F : struct, IZip
    {
        var i = 0;
        if (stepA != 0 && stepB != 0)
            for (; i <= count - V.Count; i += V.Count)
                function.Of(V.Load(a + i), V.Load(b + i)).Store(target + i);
        else if (stepA != 0)
            for (var y = V.Of(*b); i <= count - V.Count; i += V.Count)
                function.Of(V.Load(a + i), y).Store(target + i);
        else if (stepB != 0)
            for (var x = V.Of(*a); i <= count - V.Count; i += V.Count)
                function.Of(x, V.Load(b + i)).Store(target + i);
        else
            for (var value = function.Of(V.Of(*a), V.Of(*b)); i <= count - V.Count; i += V.Count)
                value.Store(target + i);
        for (; i < count; i++)
            function.Of(V1.Load(a + (i * stepA)), V1.Load(b + (i * stepB))).Store(target + i);
    }

    private readonly struct ScaleMap(float scale) : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x)
            where W : struct, ISimd<W> => x * W.Of(scale);
    }

    private readonly struct OffsetMap(float offset) : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x)
            where W : struct, ISimd<W> => x + W.Of(offset);
    }

    private readonly struct AffineMap(float scale, float offset) : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x)
            where W : struct, ISimd<W> => W.Fma(x, W.Of(scale), W.Of(offset));
    }

    private readonly struct ExpMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x)
            where W : struct, ISimd<W> => Elementary.Exp(x);
    }

    private readonly struct LogMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x)
            where W : struct, ISimd<W> => Elementary.Log(x);
    }

    private readonly struct TanhMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x)
            where W : struct, ISimd<W> => Elementary.Tanh(x);
    }

    private readonly struct SigmoidMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x)
            where W : struct, ISimd<W> => Elementary.Sigmoid(x);
    }

    private readonly struct ReluMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x)
            where W : struct, ISimd<W> => W.Select(W.IsGreater(W.Of(0), x), W.Of(0), x);
    }

    private readonly struct SqrtMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x)
            where W : struct, ISimd<W> => W.Sqrt(x);
    }

    private readonly struct GeluMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x)
            where W : struct, ISimd<W> => x * Elementary.Sigmoid(x * W.Fma(x * x, W.Of(GeluA), W.Of(GeluB)));
    }

    private readonly struct WholePowerMap(int exponent) : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x)
            where W : struct, ISimd<W> => Elementary.WholePower(x, exponent);
    }

    private readonly struct PowerMap(float exponent) : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x)
            where W : struct, ISimd<W> => Elementary.Exp(Elementary.Log(x) * W.Of(exponent));
    }

    private readonly struct FirstZip : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x, W y)
            where W : struct, ISimd<W> => x;
    }

    private readonly struct AddZip : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x, W y)
            where W : struct, ISimd<W> => x + y;
    }

    private readonly struct SubtractZip : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x, W y)
            where W : struct, ISimd<W> => x - y;
    }

    private readonly struct MultiplyZip : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x, W y)
            where W : struct, ISimd<W> => x * y;
    }

    private readonly struct DivideZip : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x, W y)
            where W : struct, ISimd<W> => x / y;
    }

    private readonly struct EqualZip : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x, W y)
            where W : struct, ISimd<W> => W.And(W.IsEqual(x, y), W.Of(1));
    }

    private readonly struct GreaterZip : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x, W y)
            where W : struct, ISimd<W> => W.And(W.IsGreater(x, y), W.Of(1));
    }

    private readonly struct TanhPullbackZip : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x, W y)
            where W : struct, ISimd<W> => x * W.Fma(W.Of(0) - y, y, W.Of(1));
    }

    private readonly struct SigmoidPullbackZip : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x, W y)
            where W : struct, ISimd<W> => x * (y * (W.Of(1) - y));
    }

    private readonly struct GeluPullbackZip : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x, W y)
            where W : struct, ISimd<W>
        {
            var square = y * y;
            var s = Elementary.Sigmoid(y * W.Fma(square, W.Of(GeluA), W.Of(GeluB)));
            var slope = y * W.Fma(square, W.Of(6 * GeluConstants.Scale * GeluConstants.Cubic), W.Of(GeluB));
            return x * W.Fma(slope, s * (W.Of(1) - s), s);
        }
    }
}
