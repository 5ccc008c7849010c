using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>Layer normalization: means and variances of rows by 16 virtual lanes, gradients of scale and shift as sums over
/// the halves of the rows.</summary>
internal sealed unsafe partial class ManagedEngine<V>
{
    public Raw LayerNorm(Raw x, Raw w, Raw b, float epsilon)
    {
        var result = Take(x.Shape);
        var count = x.Shape[^1];
        float* source = At(x), scale = At(w), shift = At(b), target = At(result);
        var rows = x.Shape.Size / Math.Max(1, count);
        Share(x, rows, 1, (long)rows * RowCost(count) / 2, (from, to) =>
        {
            for (var row = from; row < to; row++)
            {
                var at = (long)row * count;
                var (mean, steepness) = Moments(source + at, count, epsilon);
                NormalizeRow(source + at, scale, shift, target + at, count, mean, steepness);
            }
        });
        return Done(result, x, w, b);
    }

    public (Raw X, Raw W, Raw B) LayerNormPullback(Raw g, Raw x, Raw w, float epsilon)
    {
        var (slopeX, slopeW, slopeB) = (Take(x.Shape), Take(w.Shape), Take(w.Shape));
        var count = x.Shape[^1];
        var rows = x.Shape.Size / Math.Max(1, count);
        using var moments = Borrow(2 * rows);
        float* gs = At(g), xs = At(x), ws = At(w), means = moments.Start, steepnesses = means + rows;
        float* toX = At(slopeX), toW = At(slopeW), toB = At(slopeB);
        Share(x, rows, 1, (long)rows * RowCost(count), (from, to) =>
        {
            for (var row = from; row < to; row++)
            {
                var at = (long)row * count;
                (means[row], steepnesses[row]) = Moments(xs + at, count, epsilon);
                LayerNormPullbackRow(gs + at, xs + at, ws, toX + at, count, means[row], steepnesses[row]);
            }
        });
        var padded = Lanes<V>.Padded(count);
        using var halves = Borrow(4 * padded);
        float* scales = halves.Start, shifts = scales + (2 * padded);
        ShareSums(x, rows, count, 16, (long)rows * count / 4, (_, half, part, columns) => Over(columns, i => ScaleShiftPullback(
            gs + i, xs + i, means, steepnesses, part, count, scales + (half * padded) + i, shifts + (half * padded) + i)));
        AddHalves(scales, toW, rows, count);
        AddHalves(shifts, toB, rows, count);
        Done(slopeX, g, x, w);
        return (slopeX, slopeW, slopeB);
    }

    /// <summary>The mean of a row, and 1 / √(variance + ε).</summary>
    private static (float Mean, float Steepness) Moments(float* x, int count, float epsilon)
    {
        var mean = Lanes<V>.Sum(x, count) / count;
        return (mean, 1 / MathF.Sqrt((Lanes<V>.SumOfSquares(x, mean, count) / count) + epsilon));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void NormalizeRow(float* x, float* w, float* b, float* y, int count, float mean, float steepness)
    {
        var i = 0;
        for (; i <= count - V.Count; i += V.Count)
            V.Fma((V.Load(x + i) - V.Of(mean)) * V.Of(steepness), V.Load(w + i), V.Load(b + i)).Store(y + i);
        for (; i < count; i++)
            y[i] = MathF.FusedMultiplyAdd((x[i] - mean) * steepness, w[i], b[i]);
    }

    /// <summary>With z the normalized row and h = g w: (h − mean(h) − z mean(h z)) / √(variance + ε).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LayerNormPullbackRow(float* g, float* x, float* w, float* y, int count, float mean, float steepness)
    {
        var (level, along) = Lanes<V>.SumsOfSlopes(g, x, w, mean, steepness, count);
        (level, along) = (level / count, along / count);
        var i = 0;
        for (; i <= count - V.Count; i += V.Count)
        {
            var z = (V.Load(x + i) - V.Of(mean)) * V.Of(steepness);
            var h = V.Load(g + i) * V.Load(w + i);
            ((h - V.Of(level) - (z * V.Of(along))) * V.Of(steepness)).Store(y + i);
        }
        for (; i < count; i++)
            y[i] = ((g[i] * w[i]) - level - ((x[i] - mean) * steepness * along)) * steepness;
    }

    /// <summary>Σ g z and Σ g over some rows, of a vector of columns: what lies past the last one is added up too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ScaleShiftPullback(
        float* g, float* x, float* means, float* steepnesses, Range rows, int count, float* slopeW, float* slopeB)
    {
        V scale = V.Of(0), shift = scale;
        for (var row = rows.Start.Value; row < rows.End.Value; row++)
        {
            var slope = V.Load(g + ((long)row * count));
            scale = V.Fma(slope, (V.Load(x + ((long)row * count)) - V.Of(means[row])) * V.Of(steepnesses[row]), scale);
            shift += slope;
        }
        scale.Store(slopeW);
        shift.Store(slopeB);
    }
}
