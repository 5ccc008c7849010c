using System.Runtime.CompilerServices;

namespace Makemore;

internal sealed unsafe partial class ManagedEngine<V>
{
    public Raw Standardize(Raw x, float epsilon)
    {
        var result = Take(x.Shape);
        var count = x.Shape[^1];
        float* source = At(x), target = At(result);
        var rows = x.Shape.Size / Math.Max(1, count);
        Share(rows, 1, (long)rows * RowCost(count) / 4, (from, to) =>
            StandardizeRows(source, target, from, to, count, epsilon));
        return Done(result, x);
    }

    public Raw StandardizePullback(Raw g, Raw x, Raw y, float epsilon)
    {
        var result = Take(x.Shape);
        var count = x.Shape[^1];
        float* slopes = At(g), source = At(x), values = At(y), target = At(result);
        var rows = x.Shape.Size / Math.Max(1, count);
        Share(rows, 1, (long)rows * RowCost(count) / 4, (from, to) =>
            StandardizePullbackRows(slopes, source, values, target, from, to, count, epsilon));
        return Done(result, g, x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void StandardizeRows(float* x, float* y, int from, int to, int count, float epsilon)
    {
        var scale = 1f / count;
        for (var row = from; row < to; row++)
        {
            float* source = x + ((long)row * count), target = y + ((long)row * count);
            var mean = Lanes<V>.Sum(source, count) * scale;
            ZipRow(source, 1, &mean, 0, target, count, default(SubtractZip));
            var spread = MathF.Sqrt(MathF.FusedMultiplyAdd(Lanes<V>.SumOfSquares(target, count), scale, epsilon));
            ZipRow(target, 1, &spread, 0, target, count, default(DivideZip));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void StandardizePullbackRows(
        float* g, float* x, float* y, float* result, int from, int to, int count, float epsilon)
    {
        var scale = 1f / count;
        using var scratch = Borrow(count);
        var work = scratch.Start;
        for (var row = from; row < to; row++)
        {
            var at = (long)row * count;
            var mean = Lanes<V>.Sum(x + at, count) * scale;
            ZipRow(x + at, 1, &mean, 0, work, count, default(SubtractZip));
            var spread = MathF.Sqrt(MathF.FusedMultiplyAdd(Lanes<V>.SumOfSquares(work, count), scale, epsilon));
            ZipRow(g + at, 1, y + at, 1, work, count, default(MultiplyZip));
            var along = Lanes<V>.Sum(work, count) * scale;
            var level = Lanes<V>.Sum(g + at, count) * scale;
            ZipRow(y + at, 1, &along, 0, work, count, default(MultiplyZip));
            ZipRow(g + at, 1, &level, 0, result + at, count, default(SubtractZip));
            ZipRow(result + at, 1, work, 1, result + at, count, default(SubtractZip));
            ZipRow(result + at, 1, &spread, 0, result + at, count, default(DivideZip));
        }
    }
}
