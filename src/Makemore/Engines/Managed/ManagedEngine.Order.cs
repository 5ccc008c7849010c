using System.Runtime.CompilerServices;

namespace Makemore;

internal sealed unsafe partial class ManagedEngine<V>
{
    public Raw ArgSort(Raw x, int axis, bool descending)
    {
        var result = Allocate(x.Shape, ElementType.Int32);
        var (outer, length, inner) = x.Shape.Around(axis);
        int* bits = Ints(x), places = Ints(result);
        var isFloat = x.Type == ElementType.Float32;
        ParallelFor(x, outer, 1, (long)x.Shape.Size * 8, (from, to) =>
        {
            var sorted = new long[length];
            for (var o = from; o < to; o++)
                for (var j = 0; j < inner; j++)
                    SortRun(bits + ((long)o * length * inner) + j, places + ((long)o * length * inner) + j);

            void SortRun(int* run, int* into)
            {
                for (var i = 0; i < length; i++)
                    sorted[i] = ((long)Rank(run[(long)i * inner], isFloat, descending) << 32) | (uint)i;
                sorted.AsSpan().Sort();
                for (var i = 0; i < length; i++)
                    into[(long)i * inner] = (int)sorted[i];
            }
        });
        return Finish(result, x);
    }

    public Raw ArgMax(Raw x, int axis)
    {
        var result = Allocate(x.Shape.With(axis, 1), ElementType.Int32);
        var (outer, length, inner) = x.Shape.Around(axis);
        int* bits = Ints(x), places = Ints(result);
        var isFloat = x.Type == ElementType.Float32;
        ParallelFor(x, outer, 1, (long)x.Shape.Size / 4, (from, to) =>
        {
            for (var o = from; o < to; o++)
                for (var j = 0; j < inner; j++)
                    places[(o * inner) + j] = MaxPlace(bits + ((long)o * length * inner) + j, length, inner, isFloat);
        });
        return Finish(result, x);
    }

    public Raw GatherAlong(Raw x, Raw ids, int axis)
    {
        var (outer, length, inner) = x.Shape.Around(axis);
        CheckPlaces("GatherAlong: id", ids, 0, length);
        var result = Allocate(ids.Shape, x.Type);
        var count = ids.Shape[axis];
        float* source = At(x), target = At(result);
        int* places = Ints(ids);
        ParallelFor(x, outer, 1, CopyCost(1, ids.Shape.Size), (from, to) =>
        {
            for (var row = from * count; row < to * count; row++)
                for (var i = row * inner; i < (row + 1) * inner; i++)
                    target[i] = source[((((row / count) * length) + places[i]) * inner) + i - (row * inner)];
        });
        return Finish(result, default, x, ids);
    }

    public Raw ScatterAddAlong(Raw x, Raw ids, int axis, int length)
    {
        var (outer, count, inner) = x.Shape.Around(axis);
        CheckPlaces("ScatterAddAlong: id", ids, 0, length);
        var result = Allocate(x.Shape.With(axis, length));
        new Span<float>(At(result), result.Shape.Size).Clear();
        float* source = At(x), target = At(result);
        int* places = Ints(ids);
        ParallelFor(x, outer, 1, CopyCost(1, x.Shape.Size), (from, to) =>
        {
            for (var row = from * count; row < to * count; row++)
                for (var i = row * inner; i < (row + 1) * inner; i++)
                    target[((((row / count) * length) + places[i]) * inner) + i - (row * inner)] += source[i];
        });
        return Finish(result, default, x, ids);
    }

    public Raw CumulativeMax(Raw x, int axis)
    {
        var result = Allocate(x.Shape);
        var (outer, length, inner) = x.Shape.Around(axis);
        float* source = At(x), target = At(result);
        for (var o = 0; o < outer; o++, source += (long)length * inner, target += (long)length * inner)
            for (var t = 0; t < length; t++)
                if (t == 0)
                    Copy(source, target, inner);
                else
                    ZipRow(
                        target + ((long)(t - 1) * inner), 1, source + ((long)t * inner), 1, target + ((long)t * inner), inner,
                        default(MaximumZip));
        return Finish(result, x);
    }

    public Raw LinearRecurrence(Raw a, Raw b, int axis, bool reverse)
    {
        var result = Allocate(b.Shape);
        var (outer, length, inner) = b.Shape.Around(axis);
        float* factors = At(a), terms = At(b), target = At(result);
        ParallelFor(b, outer, 1, (long)b.Shape.Size / 4, (from, to) =>
        {
            for (var o = from; o < to; o++)
            {
                var start = ((long)o * length) + (reverse ? length - 1 : 0);
                Recur(
                    factors + (start * inner), terms + (start * inner), target + (start * inner), length, inner,
                    reverse ? -inner : inner);
            }
        });
        return Finish(result, b, a);
    }

    /// <summary>Each row after the first is a times the row before it plus b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Recur(float* a, float* b, float* y, int length, int inner, int step)
    {
        for (var t = 0; t < length; t++, a += step, b += step, y += step)
        {
            var j = 0;
            if (t == 0)
                for (; j < inner; j++)
                    y[j] = b[j];
            for (; j <= inner - V.Count; j += V.Count)
                V.Fma(V.Load(a + j), V.Load(y - step + j), V.Load(b + j)).Store(y + j);
            for (; j < inner; j++)
                y[j] = MathF.FusedMultiplyAdd(a[j], y[j - step], b[j]);
        }
    }

    private static int MaxPlace(int* run, int length, int step, bool isFloat)
    {
        var (best, place) = (int.MinValue, 0);
        for (var i = 0; i < length; i++)
        {
            var rank = Rank(run[(long)i * step], isFloat, descending: false);
            (best, place) = rank > best ? (rank, i) : (best, place);
        }
        return place;
    }

    /// <summary>An integer that orders elements: −0 equals 0, NaN is above all numbers.</summary>
    private static int Rank(int bits, bool isFloat, bool descending)
    {
        var rank = bits;
        if (isFloat)
        {
            var value = BitConverter.Int32BitsToSingle(bits) + 0f;
            bits = BitConverter.SingleToInt32Bits(value);
            rank = float.IsNaN(value) ? int.MaxValue : bits ^ ((bits >> 31) & int.MaxValue);
        }
        return descending ? ~rank : rank;
    }
}
