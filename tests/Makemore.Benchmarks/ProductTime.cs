using System.Diagnostics;

namespace Makemore.Benchmarks;

/// <summary>The time of a step's matrix products alone, with all matrices in the best layout.</summary>
internal static class ProductTime
{
    /// <summary>The milliseconds: the sum of the medians of several repetitions of each size.</summary>
    public static double Of(IReadOnlyList<MatrixProduct> products, IEngine engine) =>
        products.GroupBy(product => product).Sum(group => group.Count() * Of(group.Key, engine));

    /// <summary>The GFLOP/s of products whose operands stay in the caches, on a number of threads at once, each with its
    /// own.</summary>
    public static double KernelRate(int threads)
    {
        var product = new MatrixProduct(1, 256, 256, 256);
        var rates = new double[threads];
        var running = Enumerable.Range(0, threads).Select(thread => new Thread(() =>
        {
            var engine = ManagedEngine.Create(1);
            rates[thread] = Enumerable.Range(0, 40).Select(_ => product.Flops / Of(product, engine) / 1e6).Median();
        })).ToList();
        running.ForEach(thread => thread.Start());
        running.ForEach(thread => thread.Join());
        return rates.Sum();
    }

    private static double Of(MatrixProduct product, IEngine engine)
    {
        var (count, rows, inner, columns) = product;
        var x = engine.Full(1, [count, rows, inner]);
        var y = engine.Full(1, count == 1 ? [inner, columns] : [count, inner, columns]);
        var times = new double[25];
        for (var i = 0; i < times.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var result = engine.MatMul(x, y, false, false, [count, rows, columns]);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            engine.Release(result.Storage);
        }
        engine.Release(x.Storage);
        engine.Release(y.Storage);
        return times.Order().ElementAt(times.Length / 2);
    }
}
