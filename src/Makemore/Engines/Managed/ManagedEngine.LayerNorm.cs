using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>Layer normalization: means and variances of rows in 16 virtual lanes, gradients of scale and shift as sums over each
/// half of the rows.</summary>
internal sealed unsafe partial class ManagedEngine<V>
{
    public Raw LayerNorm(Raw x, Raw w, Raw b, float epsilon)
    {
        var result = Allocate(x.Shape);
        var count = x.Shape[^1];
        float* source = At(x), scale = At(w), shift = At(b), target = At(result);
        var rows = x.Shape.Size / Math.Max(1, count);
        ParallelFor(x, rows, 1, (long)rows * RowCost(count) / 2, (from, to) =>
        {
            for (var row = from; row < to; row++)
            {
                var at = (long)row * count;
                var (mean, rstd) = Moments(source + at, count, epsilon);
                NormalizeRow(source + at, scale, shift, target + at, count, mean, rstd);
            }
        });
        return Finish(result, x, w, b);
    }

    public (Raw X, Raw W, Raw B) LayerNormPullback(Raw g, Raw x, Raw w, float epsilon)
    {
        var (gradX, gradW, gradB) = (Allocate(x.Shape), Allocate(w.Shape), Allocate(w.Shape));
        var count = x.Shape[^1];
        var rows = x.Shape.Size / Math.Max(1, count);
        using var moments = RentScratch(2 * rows);
        float* gs = At(g), xs = At(x), ws = At(w), means = moments.Start, rstds = means + rows;
        float* toX = At(gradX), toW = At(gradW), toB = At(gradB);
        ParallelFor(x, rows, 1, (long)rows * RowCost(count), (from, to) =>
        {
            for (var row = from; row < to; row++)
            {
                var at = (long)row * count;
                (means[row], rstds[row]) = Moments(xs + at, count, epsilon);
                LayerNormPullbackRow(gs + at, xs + at, ws, toX + at, count, means[row], rstds[row]);
            }
        });
        var padded = Lanes<V>.Padded(count);
        using var halves = RentScratch(4 * padded);
        float* scales = halves.Start, shifts = scales + (2 * padded);
        ParallelSums(x, rows, count, 16, (long)rows * count / 4, (_, half, part, columns) => ForEachVector(
            columns, i => ScaleShiftPullback(
                gs + i, xs + i, means, rstds, part, count, scales + (half * padded) + i, shifts + (half * padded) + i)));
        AddHalves(scales, toW, rows, count);
        AddHalves(shifts, toB, rows, count);
        Finish(gradX, g, x, w);
        return (gradX, gradW, gradB);
    }

    /// <summary>The mean of a row, and 1 / √(variance + ε).</summary>
    private static (float Mean, float Rstd) Moments(float* x, int count, float epsilon)
    {
        var mean = Lanes<V>.Sum(x, count) / count;
        return (mean, 1 / MathF.Sqrt((Lanes<V>.SumOfSquares(x, mean, count) / count) + epsilon));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void NormalizeRow(float* x, float* w, float* b, float* y, int count, float mean, float rstd)
    {
        var i = 0;
        for (; i <= count - V.Count; i += V.Count)
            V.Fma((V.Load(x + i) - V.Of(mean)) * V.Of(rstd), V.Load(w + i), V.Load(b + i)).Store(y + i);
        for (; i < count; i++)
            y[i] = MathF.FusedMultiplyAdd((x[i] - mean) * rstd, w[i], b[i]);
    }

    /// <summary>With z the normalized row and h = g w: (h − mean(h) − z mean(h z)) / √(variance + ε).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LayerNormPullbackRow(float* g, float* x, float* w, float* y, int count, float mean, float rstd)
    {
        var (meanH, meanHZ) = Lanes<V>.GradientSums(g, x, w, mean, rstd, count);
        (meanH, meanHZ) = (meanH / count, meanHZ / count);
        var i = 0;
        for (; i <= count - V.Count; i += V.Count)
        {
            var z = (V.Load(x + i) - V.Of(mean)) * V.Of(rstd);
            var h = V.Load(g + i) * V.Load(w + i);
            ((h - V.Of(meanH) - (z * V.Of(meanHZ))) * V.Of(rstd)).Store(y + i);
        }
        for (; i < count; i++)
            y[i] = ((g[i] * w[i]) - meanH - ((x[i] - mean) * rstd * meanHZ)) * rstd;
    }

    /// <summary>Σ g z and Σ g over some rows, for a vector of columns; it may extend past the last column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ScaleShiftPullback(
        float* g, float* x, float* means, float* rstds, Range rows, int count, float* gradW, float* gradB)
    {
        V scale = V.Of(0), shift = scale;
        for (var row = rows.Start.Value; row < rows.End.Value; row++)
        {
            var slope = V.Load(g + ((long)row * count));
            scale = V.Fma(slope, (V.Load(x + ((long)row * count)) - V.Of(means[row])) * V.Of(rstds[row]), scale);
            shift += slope;
        }
        scale.Store(gradW);
        shift.Store(gradB);
    }
}
