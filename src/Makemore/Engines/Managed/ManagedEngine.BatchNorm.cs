using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>Batch normalization: every sum goes over the halves of the rows, a vector of channels at a time.</summary>
internal sealed unsafe partial class ManagedEngine<V>
{
    public (Raw Y, Raw Mean, Raw Variance) BatchNorm(Raw x, Raw w, Raw b, Raw live, float epsilon)
    {
        var (result, mean, variance) = (Take(x.Shape), Take(w.Shape), Take(w.Shape));
        var (rows, count) = (x.Shape[0], x.Shape[1]);
        var padded = Lanes<V>.Padded(count);
        using var scratch = Borrow(3 * padded);
        float* xs = At(x), ws = At(w), bs = At(b), mask = At(live), y = At(result), means = At(mean), variances = At(variance);
        float* halves = scratch.Start, scales = halves + (2 * padded);
        var (total, work) = (Lanes<V>.Sum(mask, rows), (long)rows * count / 16);
        ShareSums(x, rows, count, 16, work * 3, (_, half, part, columns) =>
            Over(columns, i => LiveSum(xs + i, mask, part, count, halves + (half * padded) + i)));
        AddHalves(halves, means, rows, count);
        Over(0..count, i => (V.Load(means + i) / V.Of(total)).Store(means + i));
        ShareSums(x, rows, count, 16, work * 4, (_, half, part, columns) =>
            Over(columns, i => LiveSquares(xs + i, means + i, mask, part, count, halves + (half * padded) + i)));
        AddHalves(halves, variances, rows, count);
        Over(0..count, i =>
        {
            var spread = V.Load(variances + i) / V.Of(total);
            spread.Store(variances + i);
            (V.Load(ws + i) / V.Sqrt(spread + V.Of(epsilon))).Store(scales + i);
        });
        Share(x, rows, TileRows, work * MinCost, (from, to) => NormalizeChannels(xs, means, scales, bs, y, from, to, count));
        Done(result, x, w, b);
        Keep(live);
        return (result, mean, variance);
    }

    public (Raw X, Raw W, Raw B) BatchNormPullback(
        Raw g, Raw x, Raw w, Raw live, Raw mean, Raw variance, float epsilon)
    {
        var (slopeX, slopeW, slopeB) = (Take(x.Shape), Take(w.Shape), Take(w.Shape));
        var (rows, count) = (x.Shape[0], x.Shape[1]);
        var padded = Lanes<V>.Padded(count);
        using var scratch = Borrow(6 * padded);
        float* gs = At(g), xs = At(x), ws = At(w), mask = At(live), means = At(mean), variances = At(variance);
        float* toX = At(slopeX), toW = At(slopeW), toB = At(slopeB);
        float* scales = scratch.Start, shifts = scales + (2 * padded);
        float* steepness = shifts + (2 * padded), factors = steepness + padded;
        var (total, work) = (Lanes<V>.Sum(mask, rows), (long)rows * count / 16);
        Over(0..count, i =>
        {
            var steep = V.Of(1) / V.Sqrt(V.Load(variances + i) + V.Of(epsilon));
            steep.Store(steepness + i);
            (V.Load(ws + i) * steep).Store(factors + i);
        });
        ShareSums(x, rows, count, 16, work * 5, (_, half, part, columns) => Over(columns, i => ChannelPullback(
            gs + i, xs + i, means + i, steepness + i, part, count, scales + (half * padded) + i, shifts + (half * padded) + i)));
        AddHalves(scales, toW, rows, count);
        AddHalves(shifts, toB, rows, count);
        Share(x, rows, TileRows, work * 8, (from, to) => NormalizePullback(
            gs, xs, mask, means, steepness, factors, toW, toB, toX, from, to, count, total));
        Done(slopeX, g, x, w);
        Keep(live, mean, variance);
        return (slopeX, slopeW, slopeB);
    }

    /// <summary>Does each vector of columns, the last one past the end.</summary>
    private static void Over(Range columns, Action<int> body)
    {
        for (var i = columns.Start.Value; i < columns.End.Value; i += V.Count)
            body(i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LiveSum(float* x, float* live, Range rows, int count, float* sums)
    {
        var sum = V.Of(0);
        for (var row = rows.Start.Value; row < rows.End.Value; row++)
            sum = V.Fma(V.Load(x + ((long)row * count)), V.Of(live[row]), sum);
        sum.Store(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LiveSquares(float* x, float* means, float* live, Range rows, int count, float* sums)
    {
        V sum = V.Of(0), mean = V.Load(means);
        for (var row = rows.Start.Value; row < rows.End.Value; row++)
        {
            var centred = V.Load(x + ((long)row * count)) - mean;
            sum = V.Fma(centred * centred, V.Of(live[row]), sum);
        }
        sum.Store(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void NormalizeChannels(
        float* x, float* means, float* scales, float* b, float* y, int from, int to, int count)
    {
        var end = y + ((long)to * count);
        for (var row = from; row < to; row++)
        {
            float* source = x + ((long)row * count), into = y + ((long)row * count);
            for (var i = 0; i < count; i += V.Count)
                Store(V.Fma(V.Load(source + i) - V.Load(means + i), V.Load(scales + i), V.Load(b + i)), into + i, end);
        }
    }

    /// <summary>Σ g z and Σ g over some rows, z being the normalized channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ChannelPullback(
        float* g, float* x, float* means, float* steepness, Range rows, int count, float* scales, float* shifts)
    {
        V scale = V.Of(0), shift = scale, mean = V.Load(means), steep = V.Load(steepness);
        for (var row = rows.Start.Value; row < rows.End.Value; row++)
        {
            var slope = V.Load(g + ((long)row * count));
            scale = V.Fma(slope, (V.Load(x + ((long)row * count)) - mean) * steep, scale);
            shift += slope;
        }
        scale.Store(scales);
        shift.Store(shifts);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void NormalizePullback(
        float* g, float* x, float* live, float* means, float* steepness, float* factors, float* slopeW, float* slopeB,
        float* slopeX, int from, int to, int count, float total)
    {
        var end = slopeX + ((long)to * count);
        for (var row = from; row < to; row++)
        {
            float* slopes = g + ((long)row * count), source = x + ((long)row * count), into = slopeX + ((long)row * count);
            var share = V.Of(live[row] / total);
            for (var i = 0; i < count; i += V.Count)
            {
                var z = (V.Load(source + i) - V.Load(means + i)) * V.Load(steepness + i);
                var common = V.Fma(V.Load(slopeW + i), z, V.Load(slopeB + i));
                Store(V.Load(factors + i) * (V.Load(slopes + i) - (share * common)), into + i, end);
            }
        }
    }
}
