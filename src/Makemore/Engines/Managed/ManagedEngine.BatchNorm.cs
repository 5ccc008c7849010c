using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>Batch normalization: every sum goes over the rows in their order, a vector of channels at a time.</summary>
internal sealed unsafe partial class ManagedEngine<V>
{
    public (Raw Y, Raw Mean, Raw Variance) BatchNorm(Raw x, Raw w, Raw b, Raw live, float epsilon)
    {
        var (result, mean, variance) = (Take(x.Shape), Take(w.Shape), Take(w.Shape));
        var (rows, count) = (x.Shape[0], x.Shape[1]);
        float* xs = At(x), ws = At(w), bs = At(b), mask = At(live);
        float* y = At(result), means = At(mean), variances = At(variance);
        var total = Lanes<V>.Sum(mask, rows);
        Share(count, 16, (long)rows * count / 2, (from, to) =>
        {
            var i = from;
            for (; i <= to - V.Count; i += V.Count)
                BatchNormColumns<V>(xs + i, ws + i, bs + i, mask, y + i, means + i, variances + i, rows, count, total, epsilon);
            for (; i < to; i++)
                BatchNormColumns<V1>(xs + i, ws + i, bs + i, mask, y + i, means + i, variances + i, rows, count, total, epsilon);
        });
        Done(result, x, w, b);
        Done(live);
        return (result, mean, variance);
    }

    public (Raw X, Raw W, Raw B) BatchNormPullback(
        Raw g, Raw x, Raw w, Raw live, Raw mean, Raw variance, float epsilon)
    {
        var (slopeX, slopeW, slopeB) = (Take(x.Shape), Take(w.Shape), Take(w.Shape));
        var (rows, count) = (x.Shape[0], x.Shape[1]);
        float* gs = At(g), xs = At(x), ws = At(w), mask = At(live), means = At(mean), variances = At(variance);
        float* toX = At(slopeX), toW = At(slopeW), toB = At(slopeB);
        var total = Lanes<V>.Sum(mask, rows);
        Share(count, 16, (long)rows * count / 2, (from, to) =>
        {
            var i = from;
            for (; i <= to - V.Count; i += V.Count)
                BatchNormPullbackColumns<V>(
                    gs + i, xs + i, ws + i, mask, means + i, variances + i, toX + i, toW + i, toB + i, rows, count, total, epsilon);
            for (; i < to; i++)
                BatchNormPullbackColumns<V1>(
                    gs + i, xs + i, ws + i, mask, means + i, variances + i, toX + i, toW + i, toB + i, rows, count, total, epsilon);
        });
        Done(g, x, w);
        Done(live, mean, variance);
        return (slopeX, slopeW, slopeB);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void BatchNormColumns<W>(
        float* x, float* w, float* b, float* live, float* y, float* means, float* variances, int rows, int count,
        float total, float epsilon)
        where W : struct, ISimd<W>
    {
        W sum = W.Of(0), squares = sum;
        for (var row = 0; row < rows; row++)
            sum = W.Fma(W.Load(x + ((long)row * count)), W.Of(live[row]), sum);
        var mean = sum / W.Of(total);
        for (var row = 0; row < rows; row++)
        {
            var centred = W.Load(x + ((long)row * count)) - mean;
            squares = W.Fma(centred * centred, W.Of(live[row]), squares);
        }
        var variance = squares / W.Of(total);
        W scale = W.Load(w) / W.Sqrt(variance + W.Of(epsilon)), shift = W.Load(b);
        for (var row = 0; row < rows; row++, x += count, y += count)
            W.Fma(W.Load(x) - mean, scale, shift).Store(y);
        mean.Store(means);
        variance.Store(variances);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void BatchNormPullbackColumns<W>(
        float* g, float* x, float* w, float* live, float* means, float* variances, float* slopeX, float* slopeW,
        float* slopeB, int rows, int count, float total, float epsilon)
        where W : struct, ISimd<W>
    {
        W scale = W.Of(0), shift = scale, mean = W.Load(means);
        var steepness = W.Of(1) / W.Sqrt(W.Load(variances) + W.Of(epsilon));
        for (var row = 0; row < rows; row++)
        {
            var slope = W.Load(g + ((long)row * count));
            scale = W.Fma(slope, (W.Load(x + ((long)row * count)) - mean) * steepness, scale);
            shift += slope;
        }
        var factor = W.Load(w) * steepness;
        for (var row = 0; row < rows; row++, g += count, x += count, slopeX += count)
        {
            var common = W.Fma(scale, (W.Load(x) - mean) * steepness, shift);
            (factor * (W.Load(g) - (W.Of(live[row] / total) * common))).Store(slopeX);
        }
        scale.Store(slopeW);
        shift.Store(slopeB);
    }
}
