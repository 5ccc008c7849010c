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
        float* row = scratch.Start, exponentials = row + padded;
        new Span<float>(row, padded).Fill(float.NegativeInfinity);
        for (var at = (long)from * count; at < (long)to * count; at += count)
        {
            Unsafe.CopyBlockUnaligned(row, x + at, (uint)count * 4);
            var max = Lanes<V>.MaxOfPadded(row, padded);
            var sum = ExpSum(row, exponentials, max, padded);
            if (isLog)
                Transform(row, V.Of(1), V.Of(-(Log(sum) + max)), padded);
            else
                Transform(exponentials, V.Of(1 / sum), V.Of(0), padded);
            Unsafe.CopyBlockUnaligned(y + at, isLog ? row : exponentials, (uint)count * 4);
            new Span<float>(row + count, padded - count).Fill(float.NegativeInfinity);
        }
    }

    /// <summary>Softmax: y (g − Σ g y); log-softmax: g − exp(y) Σ g.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void PullbackRows(float* g, float* y, float* result, int from, int to, int count, bool isLog)
    {
        var padded = Lanes<V>.Padded(count);
        using var scratch = Borrow(2 * padded);
        float* slopes = scratch.Start, values = slopes + padded;
        var lanes = stackalloc float[Lanes<V>.Count];
        new Span<float>(slopes, padded).Clear();
        new Span<float>(values, padded).Clear();
        for (var at = (long)from * count; at < (long)to * count; at += count)
        {
            Unsafe.CopyBlockUnaligned(slopes, g + at, (uint)count * 4);
            Unsafe.CopyBlockUnaligned(values, y + at, (uint)count * 4);
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
                (isLog ? slope - (Elementary.Exp(value) * total) : value * (slope - total)).Store(slopes + i);
            }
            Unsafe.CopyBlockUnaligned(result + at, slopes, (uint)count * 4);
            new Span<float>(slopes + count, padded - count).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void TokenLossRows(float* logits, int* targets, float* losses, int from, int to, int classes)
    {
        var padded = Lanes<V>.Padded(classes);
        using var scratch = Borrow(padded);
        var row = scratch.Start;
        new Span<float>(row, padded).Fill(float.NegativeInfinity);
        for (var i = from; i < to; i++)
        {
            if (targets[i] < 0)
            {
                losses[i] = 0;
                continue;
            }
            var x = logits + ((long)i * classes);
            Unsafe.CopyBlockUnaligned(row, x, (uint)classes * 4);
            var max = Lanes<V>.MaxOfPadded(row, padded);
            losses[i] = Log(ExpSum(row, row, max, padded)) + max - x[targets[i]];
            new Span<float>(row + classes, padded - classes).Fill(float.NegativeInfinity);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void TokenLossPullbackRows(
        float* g, float* logits, int* targets, float* result, int from, int to, int classes)
    {
        SoftmaxRows(logits, result, from, to, classes, isLog: false);
        for (var i = from; i < to; i++)
        {
            var y = result + ((long)i * classes);
            if (targets[i] < 0)
            {
                new Span<float>(y, classes).Clear();
                continue;
            }
            for (var j = 0; j < classes; j++)
                y[j] *= g[i];
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
    private static void Transform(float* x, V scale, V offset, int padded)
    {
        for (var i = 0; i < padded; i += V.Count)
            V.Fma(V.Load(x + i), scale, offset).Store(x + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Log(float x)
    {
        Elementary.Log(V1.Load(&x)).Store(&x);
        return x;
    }
}
