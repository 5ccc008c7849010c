using System.Runtime.CompilerServices;

namespace Makemore;

internal sealed unsafe partial class ManagedEngine<V>
{
    private const long RemainderCost = 16;

    public Raw Abs(Raw x) => Map(x, default(AbsMap));

    public Raw Sign(Raw x) => Map(x, default(SignMap));

    public Raw Erf(Raw x) => Map(x, default(ErfMap), 24);

    public Raw Softplus(Raw x) => Map(x, default(SoftplusMap), 20);

    public Raw Silu(Raw x) => Map(x, default(SiluMap), 10);

    public Raw SiluPullback(Raw g, Raw x) => Zip(g, x, x.Shape, default(SiluPullbackZip), 12);

    public Raw GeluExact(Raw x) => Map(x, default(GeluExactMap), 24);

    public Raw GeluExactPullback(Raw g, Raw x) => Zip(g, x, x.Shape, default(GeluExactPullbackZip), 32);

    public Raw Minimum(Raw x, Raw y, Shape shape) => Zip(x, y, shape, default(MinimumZip));

    public Raw Maximum(Raw x, Raw y, Shape shape) => Zip(x, y, shape, default(MaximumZip));

    public Raw Sin(Raw x) => Wave(x, 0);

    public Raw Cos(Raw x) => Wave(x, 1);

    private Raw Wave(Raw x, int quarter)
    {
        var result = Map(x, new WaveMap(quarter), 10);
        float* source = At(x), target = At(result);
        ParallelFor(x, x.Shape.Size, 16, x.Shape.Size, (from, to) =>
        {
            for (var i = from; i < to; i++)
                if (!(MathF.Abs(source[i]) <= Elementary.MaxAngle))
                    target[i] = LargeAngle.Wave(source[i], quarter);
        });
        KeepAlive(x, result);
        return result;
    }

    /// <remarks>C#'s remainder of floats is exact, so it has the same bits everywhere.</remarks>
    public Raw Remainder(Raw x, Raw y, Shape shape)
    {
        Raw a = Broadcast(x, shape), b = Broadcast(y, shape), result = Allocate(shape);
        float* left = At(a), right = At(b), target = At(result);
        ParallelFor(a, shape.Size, 16, RemainderCost * shape.Size, (from, to) =>
        {
            for (var i = from; i < to; i++)
                target[i] = left[i] % right[i];
        });
        return Finish(result, a, a, b);
    }

    private Raw Broadcast(Raw x, Shape shape) => x.Shape == shape ? x : BroadcastTo(x, shape);

    private readonly struct AbsMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x)
            where W : struct, ISimd<W> => W.And(x, W.OfBits(0x7FFFFFFF));
    }

    private readonly struct SignMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x)
            where W : struct, ISimd<W> =>
            W.And(W.IsGreater(x, W.Of(0)), W.Of(1)) - W.And(W.IsGreater(W.Of(0), x), W.Of(1));
    }

    private readonly struct WaveMap(int quarter) : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x)
            where W : struct, ISimd<W> => Elementary.Wave(x, quarter);
    }

    private readonly struct ErfMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x)
            where W : struct, ISimd<W> => Elementary.Erf(x);
    }

    private readonly struct SoftplusMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x)
            where W : struct, ISimd<W> => Elementary.Softplus(x);
    }

    private readonly struct SiluMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x)
            where W : struct, ISimd<W> => x * Elementary.Sigmoid(x);
    }

    private readonly struct SiluPullbackZip : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x, W y)
            where W : struct, ISimd<W>
        {
            var s = Elementary.Sigmoid(y);
            return x * (s * W.Fma(y, W.Of(1) - s, W.Of(1)));
        }
    }

    private readonly struct GeluExactMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x)
            where W : struct, ISimd<W> => x * Elementary.NormalDistribution(x);
    }

    private readonly struct GeluExactPullbackZip : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x, W y)
            where W : struct, ISimd<W>
        {
            var density = W.Of(GeluConstants.Density) * Elementary.Exp(W.Of(-0.5f) * (y * y));
            return x * W.Fma(y, density, Elementary.NormalDistribution(y));
        }
    }

    private readonly struct MinimumZip : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x, W y)
            where W : struct, ISimd<W> => W.Select(W.IsGreater(y, x), x, W.Select(W.IsEqual(x, x), y, x));
    }

    private readonly struct MaximumZip : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public W Of<W>(W x, W y)
            where W : struct, ISimd<W> => Lanes<W>.Maximum(x, y);
    }
}
