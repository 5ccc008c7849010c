using System.Runtime.CompilerServices;

namespace Makemore;

internal sealed unsafe partial class ManagedEngine<V>
{
    public (Raw M, Raw V, Raw Update) Adam(Raw g, Raw m, Raw v, AdamCoefficients adam) => Adam(g, m, v, g, adam, 0, -1);

    public (Raw M, Raw V, Raw Update) AdamW(Raw g, Raw m, Raw v, Raw p, AdamCoefficients adam, float decay, float rate) =>
        Adam(g, m, v, p, adam, decay, rate);

    private (Raw M, Raw V, Raw Update) Adam(Raw g, Raw m, Raw v, Raw p, AdamCoefficients adam, float decay, float rate)
    {
        var (first, second, update) = (Allocate(g.Shape), Allocate(g.Shape), Allocate(g.Shape));
        float* gs = At(g), ms = At(m), vs = At(v), ps = At(p), m2 = At(first), v2 = At(second), u = At(update);
        var count = g.Shape.Size;
        ParallelFor(g, count, 16, (long)count / 16 * 8, (from, to) =>
            AdamRun(gs, ms, vs, ps, m2, v2, u, from, to, adam, decay, rate));
        Finish(update, g, m, v);
        KeepAlive(p);
        return (first, second, update);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AdamRun(
        float* g, float* m, float* v, float* p, float* m2, float* v2, float* u, int from, int to, AdamCoefficients adam,
        float decay, float rate)
    {
        V beta1 = V.Of(adam.Beta1), rest1 = V.Of(1 - adam.Beta1), scale1 = V.Of(1 / adam.Correction1);
        V beta2 = V.Of(adam.Beta2), rest2 = V.Of(1 - adam.Beta2), scale2 = V.Of(1 / adam.Correction2);
        V epsilon = V.Of(adam.Epsilon), shrink = V.Of(decay), down = V.Of(-rate);
        for (var i = from; i < to; i += V.Count)
        {
            var slope = V.Load(g + i);
            var first = (V.Load(m + i) * beta1) + (slope * rest1);
            var second = (V.Load(v + i) * beta2) + (slope * slope * rest2);
            first.Store(m2 + i);
            second.Store(v2 + i);
            var step = first * scale1 / (V.Sqrt(second * scale2) + epsilon);
            if (decay != 0)
                step += V.Load(p + i) * shrink;
            (step * down).Store(u + i);
        }
    }
}
