using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>Batch normalization: sums over each half of the rows, a vector of channels at a time.</summary>
internal sealed unsafe partial class ManagedEngine<V>
{
    public SumOverParts? SumOverParts { get; set; }

    public (Raw Y, Raw Mean, Raw Variance) BatchNorm(Raw x, Raw w, Raw b, Raw live, float epsilon)
    {
        var (result, mean, variance) = (Allocate(x.Shape), Allocate(w.Shape), Allocate(w.Shape));
        var (rows, count) = (x.Shape[0], x.Shape[1]);
        var padded = Lanes<V>.Padded(count);
        using var scratch = RentScratch(3 * padded);
        float* xs = At(x), ws = At(w), bs = At(b), valid = At(live), y = At(result), means = At(mean), variances = At(variance);
        float* halves = scratch.Start, scales = halves + (2 * padded);
        var (total, work) = (OverParts(Lanes<V>.Sum(valid, rows)), (long)rows * count / 16);
        ParallelSums(x, rows, count, 16, work * 3, (_, half, part, columns) =>
            ForEachVector(columns, i => MaskedSum(xs + i, valid, part, count, halves + (half * padded) + i)));
        AddHalves(halves, means, rows, count);
        SumOverParts?.Invoke(new(means, count));
        ForEachVector(0..count, i => (V.Load(means + i) / V.Of(total)).Store(means + i));
        ParallelSums(x, rows, count, 16, work * 4, (_, half, part, columns) =>
            ForEachVector(columns, i => MaskedSumOfSquares(xs + i, means + i, valid, part, count, halves + (half * padded) + i)));
        AddHalves(halves, variances, rows, count);
        SumOverParts?.Invoke(new(variances, count));
        ForEachVector(0..count, i =>
        {
            var value = V.Load(variances + i) / V.Of(total);
            value.Store(variances + i);
            (V.Load(ws + i) / V.Sqrt(value + V.Of(epsilon))).Store(scales + i);
        });
        ParallelFor(
            x, rows, RowGrain, work * MinCost, (from, to) => NormalizeChannels(xs, means, scales, bs, y, from, to, count));
        Finish(result, x, w, b);
        KeepAlive(live);
        return (result, mean, variance);
    }

    public (Raw X, Raw W, Raw B) BatchNormPullback(
        Raw g, Raw x, Raw w, Raw live, Raw mean, Raw variance, float epsilon)
    {
        var (gradX, gradW, gradB) = (Allocate(x.Shape), Allocate(w.Shape), Allocate(w.Shape));
        var (rows, count) = (x.Shape[0], x.Shape[1]);
        var padded = Lanes<V>.Padded(count);
        using var scratch = RentScratch(8 * padded);
        float* gs = At(g), xs = At(x), ws = At(w), valid = At(live), means = At(mean), variances = At(variance);
        float* toX = At(gradX), toW = At(gradW), toB = At(gradB);
        float* scales = scratch.Start, shifts = scales + (2 * padded);
        float* rstds = shifts + (2 * padded), factors = rstds + padded, sums = factors + padded;
        var (total, work) = (OverParts(Lanes<V>.Sum(valid, rows)), (long)rows * count / 16);
        ForEachVector(0..count, i =>
        {
            var rstd = V.Of(1) / V.Sqrt(V.Load(variances + i) + V.Of(epsilon));
            rstd.Store(rstds + i);
            (V.Load(ws + i) * rstd).Store(factors + i);
        });
        ParallelSums(x, rows, count, 16, work * 5, (_, half, part, columns) => ForEachVector(columns, i => ChannelPullback(
            gs + i, xs + i, means + i, rstds + i, part, count, scales + (half * padded) + i, shifts + (half * padded) + i)));
        AddHalves(scales, toW, rows, count);
        AddHalves(shifts, toB, rows, count);
        // The gradients of the weights are those of the rows that are here; the statistics are of all.
        Copy(toW, sums, count);
        Copy(toB, sums + padded, count);
        SumOverParts?.Invoke(new(sums, 2 * padded));
        ParallelFor(x, rows, RowGrain, work * 8, (from, to) => NormalizePullback(
            gs, xs, valid, means, rstds, factors, sums, sums + padded, toX, from, to, count, total));
        Finish(gradX, g, x, w);
        KeepAlive(live, mean, variance);
        return (gradX, gradW, gradB);
    }

    private float OverParts(float sum)
    {
        SumOverParts?.Invoke(new(ref sum));
        return sum;
    }

    /// <summary>Runs the body for each vector of columns; the last one may extend past the end.</summary>
    private static void ForEachVector(Range columns, Action<int> body)
    {
        for (var i = columns.Start.Value; i < columns.End.Value; i += V.Count)
            body(i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void MaskedSum(float* x, float* valid, Range rows, int count, float* sums)
    {
        var sum = V.Of(0);
        for (var row = rows.Start.Value; row < rows.End.Value; row++)
            sum = V.Fma(V.Load(x + ((long)row * count)), V.Of(valid[row]), sum);
        sum.Store(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void MaskedSumOfSquares(float* x, float* means, float* valid, Range rows, int count, float* sums)
    {
        V sum = V.Of(0), mean = V.Load(means);
        for (var row = rows.Start.Value; row < rows.End.Value; row++)
        {
            var centered = V.Load(x + ((long)row * count)) - mean;
            sum = V.Fma(centered * centered, V.Of(valid[row]), sum);
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

    /// <summary>Σ g z and Σ g over some rows, where z are the normalized channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ChannelPullback(
        float* g, float* x, float* means, float* rstds, Range rows, int count, float* scales, float* shifts)
    {
        V scale = V.Of(0), shift = scale, mean = V.Load(means), rstd = V.Load(rstds);
        for (var row = rows.Start.Value; row < rows.End.Value; row++)
        {
            var slope = V.Load(g + ((long)row * count));
            scale = V.Fma(slope, (V.Load(x + ((long)row * count)) - mean) * rstd, scale);
            shift += slope;
        }
        scale.Store(scales);
        shift.Store(shifts);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void NormalizePullback(
        float* g, float* x, float* valid, float* means, float* rstds, float* factors, float* gradW, float* gradB,
        float* gradX, int from, int to, int count, float total)
    {
        var end = gradX + ((long)to * count);
        for (var row = from; row < to; row++)
        {
            float* grads = g + ((long)row * count), source = x + ((long)row * count), into = gradX + ((long)row * count);
            var share = V.Of(valid[row] / total);
            for (var i = 0; i < count; i += V.Count)
            {
                var z = (V.Load(source + i) - V.Load(means + i)) * V.Load(rstds + i);
                var common = V.Fma(V.Load(gradW + i), z, V.Load(gradB + i));
                Store(V.Load(factors + i) * (V.Load(grads + i) - (share * common)), into + i, end);
            }
        }
    }
}
