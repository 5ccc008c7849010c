using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>
/// Sixteen running values, in as many registers as that takes, for sums and maxima that come out the same at every
/// vector width: element i goes to lane i mod 16, and the lanes are folded by one fixed tree.
/// </summary>
/// <typeparam name="V">The vector.</typeparam>
internal static unsafe class Lanes<V>
    where V : struct, ISimd<V>
{
    public const int Count = 16;

    /// <summary>A count rounded up to whole lanes.</summary>
    public static int Padded(int count) => (count + Count - 1) / Count * Count;

    /// <summary>For each lane all bits set where an element is left after whole sixteens, else none.</summary>
    public static void MarkRest(int count, float* marks)
    {
        for (var lane = 0; lane < Count; lane++)
            marks[lane] = BitConverter.Int32BitsToSingle(lane < count % Count ? -1 : 0);
    }

    /// <summary>The sum of so many elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float Sum(float* x, int count)
    {
        var lanes = stackalloc float[Count];
        for (var lane = 0; lane < Count; lane += V.Count)
        {
            var sum = V.Of(0);
            for (var i = lane; i <= count - Count + lane; i += Count)
                sum += V.Load(x + i);
            sum.Store(lanes + lane);
        }
        for (int i = count / Count * Count, lane = 0; i < count; i++, lane++)
            lanes[lane] += x[i];
        return FoldSum(lanes);
    }

    /// <summary>The sum of the squares of so many elements' distances from their mean.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float SumOfSquares(float* x, float mean, int count)
    {
        var lanes = stackalloc float[Count];
        for (var lane = 0; lane < Count; lane += V.Count)
        {
            var sum = V.Of(0);
            for (var i = lane; i <= count - Count + lane; i += Count)
            {
                var distance = V.Load(x + i) - V.Of(mean);
                sum += distance * distance;
            }
            sum.Store(lanes + lane);
        }
        for (int i = count / Count * Count, lane = 0; i < count; i++, lane++)
            lanes[lane] += (x[i] - mean) * (x[i] - mean);
        return FoldSum(lanes);
    }

    /// <summary>The sums of h = g w, and of h (x − mean) steepness.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static (float Level, float Along) SumsOfSlopes(
        float* g, float* x, float* w, float mean, float steepness, int count)
    {
        float* levels = stackalloc float[Count], alongs = stackalloc float[Count];
        for (var lane = 0; lane < Count; lane += V.Count)
        {
            V level = V.Of(0), along = level;
            for (var i = lane; i <= count - Count + lane; i += Count)
            {
                var h = V.Load(g + i) * V.Load(w + i);
                level += h;
                along += h * ((V.Load(x + i) - V.Of(mean)) * V.Of(steepness));
            }
            level.Store(levels + lane);
            along.Store(alongs + lane);
        }
        for (int i = count / Count * Count, lane = 0; i < count; i++, lane++)
        {
            var h = g[i] * w[i];
            levels[lane] += h;
            alongs[lane] += h * ((x[i] - mean) * steepness);
        }
        return (FoldSum(levels), FoldSum(alongs));
    }

    /// <summary>The greatest of so many elements, of which the last are marked; NaN where one of them is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(float* x, int count, float* marks)
    {
        var lanes = stackalloc float[Count];
        Max(x, count, marks, lanes);
        return FoldMax(lanes);
    }

    /// <summary>The greatest of each lane's elements, to be folded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Max(float* x, int count, float* marks, float* lanes)
    {
        var whole = count / Count * Count;
        for (var lane = 0; lane < Count; lane += V.Count)
        {
            var max = V.Select(V.Load(marks + lane), V.Load(x + whole + lane), V.Of(float.NegativeInfinity));
            for (var i = lane; i < whole; i += Count)
                max = Greater(V.Load(x + i), max);
            max.Store(lanes + lane);
        }
    }

    /// <summary>The sum of exp(x − shift) over so many elements, of which the last are marked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOfExp(float* x, float shift, int count, float* marks)
    {
        var lanes = stackalloc float[Count];
        SumOfExp(x, shift, count, marks, lanes);
        return FoldSum(lanes);
    }

    /// <summary>The sums of exp(x − shift) over each lane's elements, to be folded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SumOfExp(float* x, float shift, int count, float* marks, float* lanes)
    {
        var offset = V.Of(shift);
        var whole = count / Count * Count;
        for (var lane = 0; lane < Count; lane += V.Count)
        {
            var sum = V.Of(0);
            for (var i = lane; i < whole; i += Count)
                sum += Elementary.Exp(V.Load(x + i) - offset);
            if (whole < count)
                sum += V.And(Elementary.Exp(V.Load(x + whole + lane) - offset), V.Load(marks + lane));
            sum.Store(lanes + lane);
        }
    }

    /// <summary>The sum of so many elements, of which the last are marked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(float* x, int count, float* marks)
    {
        var lanes = stackalloc float[Count];
        var whole = count / Count * Count;
        for (var lane = 0; lane < Count; lane += V.Count)
        {
            var sum = V.Of(0);
            for (var i = lane; i < whole; i += Count)
                sum += V.Load(x + i);
            (sum + V.And(V.Load(x + whole + lane), V.Load(marks + lane))).Store(lanes + lane);
        }
        return FoldSum(lanes);
    }

    /// <summary>The sum of x y over so many elements, of which the last are marked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOfProducts(float* x, float* y, int count, float* marks)
    {
        var lanes = stackalloc float[Count];
        var whole = count / Count * Count;
        for (var lane = 0; lane < Count; lane += V.Count)
        {
            var sum = V.Of(0);
            for (var i = lane; i < whole; i += Count)
                sum = V.Fma(V.Load(x + i), V.Load(y + i), sum);
            var mark = V.Load(marks + lane);
            V.Fma(V.And(V.Load(x + whole + lane), mark), V.And(V.Load(y + whole + lane), mark), sum).Store(lanes + lane);
        }
        return FoldSum(lanes);
    }

    /// <summary>The greater of two, a NaN before all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Greater(V a, V b) => V.Select(V.IsGreater(a, b), a, V.Select(V.IsEqual(a, a), b, a));

    /// <summary>The sum of sixteen lanes: of halves, quarters, pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FoldSum(float* lanes)
    {
        var four = (V4.Load(lanes) + V4.Load(lanes + 8)) + (V4.Load(lanes + 4) + V4.Load(lanes + 12));
        four.Store(lanes);
        return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
    }

    /// <summary>The greatest of sixteen lanes, NaN where one of them is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FoldMax(float* lanes)
    {
        var four = Lanes<V4>.Greater(
            Lanes<V4>.Greater(V4.Load(lanes), V4.Load(lanes + 8)),
            Lanes<V4>.Greater(V4.Load(lanes + 4), V4.Load(lanes + 12)));
        four.Store(lanes);
        return MathF.Max(MathF.Max(lanes[0], lanes[2]), MathF.Max(lanes[1], lanes[3]));
    }
}
