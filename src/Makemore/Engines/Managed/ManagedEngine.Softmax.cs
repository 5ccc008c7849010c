using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>The operations along rows. A row is copied to where it can be padded to whole lanes, with what changes
/// nothing.</summary>
internal sealed unsafe partial class ManagedEngine<V>
{
    public Raw Softmax(Raw x) => Rows(x, x, isLog: false, isPullback: false);

    public Raw LogSoftmax(Raw x) => Rows(x, x, isLog: true, isPullback: false);

    public Raw SoftmaxPullback(Raw g, Raw y) => Rows(g, y, isLog: false, isPullback: true);

    public Raw LogSoftmaxPullback(Raw g, Raw y) => Rows(g, y, isLog: true, isPullback: true);

    public Raw TokenLoss(Raw logits, Raw targets)
    {
        var result = Take(targets.Shape);
        var classes = logits.Shape[^1];
        CheckPlaces("TokenLoss: target", targets, -1, classes);
        float* source = At(logits), target = At(result);
        int* ids = Ints(targets);
        var rows = targets.Shape.Size;
        Share(rows, 1, rows * RowCost(classes), (from, to) => TokenLossRows(source, ids, target, from, to, classes));
        return Done(result, logits, targets);
    }

    public Raw TokenLossPullback(Raw g, Raw logits, Raw targets)
    {
        var result = Take(logits.Shape);
        var classes = logits.Shape[^1];
        float* slopes = At(g), source = At(logits), target = At(result);
        int* ids = Ints(targets);
        var rows = targets.Shape.Size;
        Share(
            rows, 1, rows * RowCost(classes),
            (from, to) => TokenLossPullbackRows(slopes, source, ids, target, from, to, classes));
        return Done(result, g, logits, targets);
    }

    // A row costs an exponential for each of its vectors, and a little for its ends.
    private static long RowCost(int count) => 16 + Lanes<V>.Padded(count);

    private Raw Rows(Raw x, Raw y, bool isLog, bool isPullback)
    {
        var result = Take(x.Shape);
        var count = x.Shape[^1];
        float* a = At(x), b = At(y), target = At(result);
        var rows = count == 0 ? 0 : x.Shape.Size / count;
        Share(rows, 1, rows * RowCost(count), (from, to) =>
        {
            if (isPullback)
                PullbackRows(a, b, target, from, to, count, isLog);
            else
                SoftmaxRows(a, target, from, to, count, isLog);
        });
        return Done(result, x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void SoftmaxRows(float* x, float* y, int from, int to, int count, bool isLog)
    {
        var padded = Lanes<V>.Padded(count);
        using var scratch = Borrow(2 * padded);
        float* row = scratch.Start, result = row + padded;
        new Span<float>(row, padded).Fill(float.NegativeInfinity);
        for (var at = (long)from * count; at < (long)to * count; at += count)
        {
            Copy(x + at, row, count);
            var max = Lanes<V>.MaxOfPadded(row, padded);
            var sum = ExpSum(row, result, max, padded);
            if (isLog)
                Transform(row, result, V.Of(1), V.Of(-(Log(sum) + max)), padded);
            else
                Transform(result, result, V.Of(1 / sum), V.Of(0), padded);
            Copy(result, y + at, count);
        }
    }

    /// <summary>Softmax: y (g − Σ g y); log-softmax: g − exp(y) Σ g.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void PullbackRows(float* g, float* y, float* result, int from, int to, int count, bool isLog)
    {
        var padded = Lanes<V>.Padded(count);
        using var scratch = Borrow(3 * padded);
        float* slopes = scratch.Start, values = slopes + padded, row = values + padded;
        var lanes = stackalloc float[Lanes<V>.Count];
        new Span<float>(slopes, padded).Clear();
        new Span<float>(values, padded).Clear();
        for (var at = (long)from * count; at < (long)to * count; at += count)
        {
            Copy(g + at, slopes, count);
            Copy(y + at, values, count);
            for (var lane = 0; lane < Lanes<V>.Count; lane += V.Count)
            {
                var sum = V.Of(0);
                for (var i = lane; i < padded; i += Lanes<V>.Count)
                    sum = isLog ? sum + V.Load(slopes + i) : V.Fma(V.Load(slopes + i), V.Load(values + i), sum);
                sum.Store(lanes + lane);
            }
            var total = V.Of(Lanes<V>.FoldSum(lanes));
            for (var i = 0; i < padded; i += V.Count)
            {
                V slope = V.Load(slopes + i), value = V.Load(values + i);
                (isLog ? slope - (Elementary.Exp(value) * total) : value * (slope - total)).Store(row + i);
            }
            Copy(row, result + at, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void TokenLossRows(float* logits, int* targets, float* losses, int from, int to, int classes)
    {
        var padded = Lanes<V>.Padded(classes);
        var rows = Lanes<V>.Padded(to - from);
        using var scratch = Borrow((2 * padded) + (2 * rows));
        float* row = scratch.Start, exponentials = row + padded, sums = exponentials + padded, rest = sums + rows;
        new Span<float>(row, padded).Fill(float.NegativeInfinity);
        new Span<float>(sums, rows).Fill(1);
        new Span<float>(rest, rows).Clear();
        for (var i = from; i < to; i++)
            if (targets[i] >= 0)
            {
                var x = logits + ((long)i * classes);
                Copy(x, row, classes);
                var max = Lanes<V>.MaxOfPadded(row, padded);
                sums[i - from] = ExpSum(row, exponentials, max, padded);
                rest[i - from] = max - x[targets[i]];
            }
        for (var i = 0; i < rows; i += V.Count)
            (Elementary.Log(V.Load(sums + i)) + V.Load(rest + i)).Store(rest + i);
        Copy(rest, losses + from, to - from);
    }

    /// <summary>(softmax(logits) − onehot(target)) · g, where the exponentials are multiplied by g over their
    /// sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void TokenLossPullbackRows(
        float* g, float* logits, int* targets, float* result, int from, int to, int classes)
    {
        var padded = Lanes<V>.Padded(classes);
        using var scratch = Borrow(2 * padded);
        float* row = scratch.Start, slopes = row + padded;
        new Span<float>(row, padded).Fill(float.NegativeInfinity);
        for (var i = from; i < to; i++)
        {
            var y = result + ((long)i * classes);
            if (targets[i] < 0)
            {
                new Span<float>(y, classes).Clear();
                continue;
            }
            Copy(logits + ((long)i * classes), row, classes);
            var sum = ExpSum(row, slopes, Lanes<V>.MaxOfPadded(row, padded), padded);
            Transform(slopes, slopes, V.Of(g[i] / sum), V.Of(0), padded);
            Copy(slopes, y, classes);
            y[targets[i]] -= g[i];
        }
    }

    /// <summary>Writes exp(x − max), and returns its sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float ExpSum(float* x, float* exponentials, float max, int padded)
    {
        var lanes = stackalloc float[Lanes<V>.Count];
        var shift = V.Of(max == float.NegativeInfinity ? 0 : max);
        for (var lane = 0; lane < Lanes<V>.Count; lane += V.Count)
        {
            var sum = V.Of(0);
            for (var i = lane; i < padded; i += Lanes<V>.Count)
            {
                var exponential = Elementary.Exp(V.Load(x + i) - shift);
                exponential.Store(exponentials + i);
                sum += exponential;
            }
            sum.Store(lanes + lane);
        }
        return Lanes<V>.FoldSum(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transform(float* x, float* y, V scale, V offset, int padded)
    {
        for (var i = 0; i < padded; i += V.Count)
            V.Fma(V.Load(x + i), scale, offset).Store(y + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Log(float x)
    {
        Elementary.Log(V1.Load(&x)).Store(&x);
        return x;
    }
}
