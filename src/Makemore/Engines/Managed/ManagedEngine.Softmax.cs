using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>The operations along rows. The last vector of a row is read past the row's end, and its tail is masked. It is also
/// written past the end where the same thread overwrites it with the next row.</summary>
internal sealed unsafe partial class ManagedEngine<V>
{
    public Raw Softmax(Raw x) => Rows(x, x, isLog: false, isPullback: false);

    public Raw LogSoftmax(Raw x) => Rows(x, x, isLog: true, isPullback: false);

    public Raw SoftmaxPullback(Raw g, Raw y) => Rows(g, y, isLog: false, isPullback: true);

    public Raw LogSoftmaxPullback(Raw g, Raw y) => Rows(g, y, isLog: true, isPullback: true);

    public Raw TokenLoss(Raw logits, Raw targets)
    {
        var result = Allocate(targets.Shape);
        var classes = logits.Shape[^1];
        CheckPlaces("TokenLoss: target", targets, -1, classes);
        float* source = At(logits), target = At(result);
        int* ids = Ints(targets);
        var rows = targets.Shape.Size;
        ParallelFor(logits, rows, 1, rows * RowCost(classes) / 2, (from, to) =>
            TokenLossRows(source, ids, target, from, to, classes));
        return Finish(result, logits, targets);
    }

    public Raw TokenLossPullback(Raw g, Raw logits, Raw targets, Raw losses)
    {
        var result = Allocate(logits.Shape);
        var classes = logits.Shape[^1];
        float* grads = At(g), source = At(logits), lossValues = At(losses), target = At(result);
        int* ids = Ints(targets);
        var rows = targets.Shape.Size;
        ParallelFor(
            logits, rows, 1, rows * RowCost(classes) / 2,
            (from, to) => TokenLossPullbackRows(grads, source, ids, lossValues, target, from, to, classes));
        KeepAlive(losses);
        return Finish(result, g, logits, targets);
    }

    // In a larger loss the last digits of the sum are lost to rounding.
    private const float MaxLoss = 16;

    // An exponential for each vector of the row, and a little overhead.
    private static long RowCost(int count) => 16 + Lanes<V>.Padded(count);

    private Raw Rows(Raw x, Raw y, bool isLog, bool isPullback)
    {
        var result = Allocate(x.Shape);
        var count = x.Shape[^1];
        float* a = At(x), b = At(y), target = At(result);
        var rows = count == 0 ? 0 : x.Shape.Size / count;
        ParallelFor(x, rows, 1, rows * RowCost(count), (from, to) =>
        {
            if (isPullback)
                PullbackRows(a, b, target, from, to, count, isLog);
            else
                SoftmaxRows(a, target, from, to, count, isLog);
        });
        return Finish(result, x, y);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SoftmaxRows(float* x, float* y, int from, int to, int count, bool isLog)
    {
        var mask = stackalloc float[Lanes<V>.Count];
        Lanes<V>.TailMask(count, mask);
        var end = y + ((long)to * count);
        for (float* row = x + ((long)from * count), into = y + ((long)from * count); into < end; row += count, into += count)
        {
            var max = Lanes<V>.Max(row, count, mask);
            if (isLog)
            {
                var sum = Lanes<V>.SumOfExp(row, Shift(max), count, mask);
                Transform(row, into, V.Of(1), V.Of(-(Log(sum) + max)), count, end);
            }
            else
            {
                var sum = ExpAndSum(row, into, Shift(max), count, mask, end);
                Transform(into, into, V.Of(1 / sum), V.Of(0), count, end);
            }
        }
    }

    /// <summary>Softmax: y (g − Σ g y); log-softmax: g − exp(y) Σ g.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void PullbackRows(float* g, float* y, float* result, int from, int to, int count, bool isLog)
    {
        var mask = stackalloc float[Lanes<V>.Count];
        Lanes<V>.TailMask(count, mask);
        var end = result + ((long)to * count);
        for (var at = (long)from * count; at < (long)to * count; at += count)
        {
            float* grads = g + at, values = y + at, into = result + at;
            var total = V.Of(isLog
                ? Lanes<V>.Sum(grads, count, mask)
                : Lanes<V>.SumOfProducts(grads, values, count, mask));
            for (var i = 0; i < count; i += V.Count)
            {
                V slope = V.Load(grads + i), value = V.Load(values + i);
                Store(isLog ? slope - (Elementary.Exp(value) * total) : value * (slope - total), into + i, end);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TokenLossRows(float* logits, int* targets, float* losses, int from, int to, int classes)
    {
        const int Group = 32;
        float* mask = stackalloc float[Lanes<V>.Count], lanes = stackalloc float[Group * Lanes<V>.Count];
        float* rest = stackalloc float[Group], sums = stackalloc float[Group];
        var live = stackalloc int[Group];
        Lanes<V>.TailMask(classes, mask);
        for (var first = from; first < to; first += Group)
        {
            var rows = Math.Min(Group, to - first);
            var count = ListLive(targets, first, rows, live);
            // Short loops, so that the processor overlaps several rows.
            for (var n = 0; n < count; n++)
                Lanes<V>.Max(logits + ((long)live[n] * classes), classes, mask, lanes + (n * Lanes<V>.Count));
            for (var n = 0; n < count; n++)
                rest[n] = Lanes<V>.FoldMax(lanes + (n * Lanes<V>.Count));
            for (var n = 0; n < count; n++)
                Lanes<V>.SumOfExp(
                    logits + ((long)live[n] * classes), Shift(rest[n]), classes, mask, lanes + (n * Lanes<V>.Count));
            for (var n = 0; n < count; n++)
                sums[n] = Lanes<V>.FoldSum(lanes + (n * Lanes<V>.Count));
            for (var n = 0; n < count; n++)
                rest[n] -= logits[((long)live[n] * classes) + targets[live[n]]];
            // The last vector may extend past the last row; its tail is not used.
            for (var n = 0; n < count; n += V.Count)
                (Elementary.Log(V.Load(sums + n)) + V.Load(rest + n)).Store(rest + n);
            new Span<float>(losses + first, rows).Clear();
            for (var n = 0; n < count; n++)
                losses[live[n]] = rest[n];
        }
    }

    /// <summary>Lists the rows that have a target, without a branch, because the lengths of words are not predictable.</summary>
    /// <returns>The number of rows.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ListLive(int* targets, int first, int rows, int* live)
    {
        var count = 0;
        for (var row = first; row < first + rows; row++)
        {
            live[count] = row;
            // Overwritten by the next row if the target is negative.
            count += 1 + (targets[row] >> 31);
        }
        return count;
    }

    /// <summary>(softmax(logits) − onehot(target)) · g, where the log-sum-exp is the loss plus the target's logit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void TokenLossPullbackRows(
        float* g, float* logits, int* targets, float* losses, float* result, int from, int to, int classes)
    {
        var mask = stackalloc float[Lanes<V>.Count];
        Lanes<V>.TailMask(classes, mask);
        var end = result + ((long)to * classes);
        for (var i = from; i < to; i++)
        {
            float* x = logits + ((long)i * classes), into = result + ((long)i * classes);
            if (targets[i] < 0)
            {
                new Span<float>(into, classes).Clear();
                continue;
            }
            var isKnown = losses[i] < MaxLoss;
            V level = V.Of(isKnown ? losses[i] + x[targets[i]] : LogSumExp(x, classes, mask)), scale = V.Of(g[i]);
            for (var j = 0; j < classes; j += V.Count)
                Store(Elementary.Exp(V.Load(x + j) - level) * scale, into + j, end);
            into[targets[i]] -= g[i];
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float LogSumExp(float* x, int count, float* mask)
    {
        var max = Lanes<V>.Max(x, count, mask);
        return max + Log(Lanes<V>.SumOfExp(x, Shift(max), count, mask));
    }

    // The maximum of a row is −∞ if all its elements are.
    private static float Shift(float max) => max == float.NegativeInfinity ? 0 : max;

    /// <summary>Writes exp(x − shift) and returns its sum.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float ExpAndSum(float* x, float* exponentials, float shift, int count, float* mask, float* end)
    {
        var offset = V.Of(shift);
        var lanes = stackalloc float[Lanes<V>.Count];
        var whole = count / Lanes<V>.Count * Lanes<V>.Count;
        for (var lane = 0; lane < Lanes<V>.Count; lane += V.Count)
        {
            var sum = V.Of(0);
            for (var i = lane; i < whole; i += Lanes<V>.Count)
            {
                var exponential = Elementary.Exp(V.Load(x + i) - offset);
                exponential.Store(exponentials + i);
                sum += exponential;
            }
            if (whole + lane < count)
            {
                var exponential = V.And(Elementary.Exp(V.Load(x + whole + lane) - offset), V.Load(mask + lane));
                Store(exponential, exponentials + whole + lane, end);
                sum += exponential;
            }
            sum.Store(lanes + lane);
        }
        return Lanes<V>.FoldSum(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transform(float* x, float* y, V scale, V offset, int count, float* end)
    {
        for (var i = 0; i < count; i += V.Count)
            Store(V.Fma(V.Load(x + i), scale, offset), y + i, end);
    }

    /// <summary>Writes a vector up to the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V value, float* target, float* end)
    {
        if (target + V.Count <= end)
            value.Store(target);
        else
        {
            // Taking the address of a copy keeps the vector itself in its register.
            var copy = value;
            StoreSome(in copy, target, (int)(end - target));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreSome(in V value, float* target, int count)
    {
        var elements = stackalloc float[Lanes<V>.Count];
        value.Store(elements);
        Copy(elements, target, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Log(float x)
    {
        Elementary.Log(V1.Load(&x)).Store(&x);
        return x;
    }
}
