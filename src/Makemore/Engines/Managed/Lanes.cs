using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>
/// Reductions with sixteen virtual lanes, in one or more registers, so that sums and maxima are the same at every vector width:
/// element i goes to lane i mod 16, and the lanes are reduced by one fixed tree.
/// </summary>
/// <typeparam name="V">The vector.</typeparam>
internal static unsafe class Lanes<V>
    where V : struct, ISimd<V>
{
    public const int Count = 16;

    /// <summary>A count rounded up to a multiple of sixteen.</summary>
    public static int Padded(int count) => (count + Count - 1) / Count * Count;

    /// <summary>Writes the mask of the last, partial group of lanes: all bits of a lane set if it has an element.</summary>
    public static void TailMask(int count, float* mask)
    {
        for (var lane = 0; lane < Count; lane++)
            mask[lane] = BitConverter.Int32BitsToSingle(lane < count % Count ? -1 : 0);
    }

    /// <summary>The sum of the elements.</summary>
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

    /// <summary>The sum of the squared distances of the elements from their mean.</summary>
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

    /// <summary>Σ h and Σ h z, where h = g w and z = (x − mean) rstd.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static (float H, float HZ) GradientSums(
        float* g, float* x, float* w, float mean, float rstd, int count)
    {
        float* lanesH = stackalloc float[Count], lanesHZ = stackalloc float[Count];
        for (var lane = 0; lane < Count; lane += V.Count)
        {
            V sumH = V.Of(0), sumHZ = sumH;
            for (var i = lane; i <= count - Count + lane; i += Count)
            {
                var h = V.Load(g + i) * V.Load(w + i);
                sumH += h;
                sumHZ += h * ((V.Load(x + i) - V.Of(mean)) * V.Of(rstd));
            }
            sumH.Store(lanesH + lane);
            sumHZ.Store(lanesHZ + lane);
        }
        for (int i = count / Count * Count, lane = 0; i < count; i++, lane++)
        {
            var h = g[i] * w[i];
            lanesH[lane] += h;
            lanesHZ[lane] += h * ((x[i] - mean) * rstd);
        }
        return (FoldSum(lanesH), FoldSum(lanesHZ));
    }

    /// <summary>The maximum of the elements, with the tail's mask; NaN if an element is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(float* x, int count, float* mask)
    {
        var lanes = stackalloc float[Count];
        Max(x, count, mask, lanes);
        return FoldMax(lanes);
    }

    /// <summary>The maximum of each lane, to be reduced.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Max(float* x, int count, float* mask, float* lanes)
    {
        var whole = count / Count * Count;
        for (var lane = 0; lane < Count; lane += V.Count)
        {
            var max = V.Select(V.Load(mask + lane), V.Load(x + whole + lane), V.Of(float.NegativeInfinity));
            for (var i = lane; i < whole; i += Count)
                max = Maximum(V.Load(x + i), max);
            max.Store(lanes + lane);
        }
    }

    /// <summary>The sum of exp(x − shift), with the tail's mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOfExp(float* x, float shift, int count, float* mask)
    {
        var lanes = stackalloc float[Count];
        SumOfExp(x, shift, count, mask, lanes);
        return FoldSum(lanes);
    }

    /// <summary>The sum of exp(x − shift) of each lane, to be reduced.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SumOfExp(float* x, float shift, int count, float* mask, float* lanes)
    {
        var offset = V.Of(shift);
        var whole = count / Count * Count;
        for (var lane = 0; lane < Count; lane += V.Count)
        {
            var sum = V.Of(0);
            for (var i = lane; i < whole; i += Count)
                sum += Elementary.Exp(V.Load(x + i) - offset);
            if (whole < count)
                sum += V.And(Elementary.Exp(V.Load(x + whole + lane) - offset), V.Load(mask + lane));
            sum.Store(lanes + lane);
        }
    }

    /// <summary>The sum of the elements, with the tail's mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(float* x, int count, float* mask)
    {
        var lanes = stackalloc float[Count];
        var whole = count / Count * Count;
        for (var lane = 0; lane < Count; lane += V.Count)
        {
            var sum = V.Of(0);
            for (var i = lane; i < whole; i += Count)
                sum += V.Load(x + i);
            (sum + V.And(V.Load(x + whole + lane), V.Load(mask + lane))).Store(lanes + lane);
        }
        return FoldSum(lanes);
    }

    /// <summary>Σ x y, with the tail's mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOfProducts(float* x, float* y, int count, float* mask)
    {
        var lanes = stackalloc float[Count];
        var whole = count / Count * Count;
        for (var lane = 0; lane < Count; lane += V.Count)
        {
            var sum = V.Of(0);
            for (var i = lane; i < whole; i += Count)
                sum = V.Fma(V.Load(x + i), V.Load(y + i), sum);
            var tail = V.Load(mask + lane);
            V.Fma(V.And(V.Load(x + whole + lane), tail), V.And(V.Load(y + whole + lane), tail), sum).Store(lanes + lane);
        }
        return FoldSum(lanes);
    }

    /// <summary>The larger of two; NaN if either is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Maximum(V a, V b) => V.Select(V.IsGreater(a, b), a, V.Select(V.IsEqual(a, a), b, a));

    /// <summary>The sum of the sixteen lanes: of halves, quarters, pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FoldSum(float* lanes)
    {
        var four = (V4.Load(lanes) + V4.Load(lanes + 8)) + (V4.Load(lanes + 4) + V4.Load(lanes + 12));
        four.Store(lanes);
        return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
    }

    /// <summary>The maximum of the sixteen lanes; NaN if one is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FoldMax(float* lanes)
    {
        var four = Lanes<V4>.Maximum(
            Lanes<V4>.Maximum(V4.Load(lanes), V4.Load(lanes + 8)),
            Lanes<V4>.Maximum(V4.Load(lanes + 4), V4.Load(lanes + 12)));
        four.Store(lanes);
        return MathF.Max(MathF.Max(lanes[0], lanes[2]), MathF.Max(lanes[1], lanes[3]));
    }
}
