using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Makemore;

/// <summary>
/// The engine in C#: vector instructions over pooled memory, nothing native to install. The same inputs give the same
/// bits at any number of threads and any vector width.
/// </summary>
/// <remarks>
/// Same bits by construction: a product accumulates each output over k in order with fused multiply-adds; a sum has 16
/// virtual lanes, folded by one fixed tree, however many a register holds; elementary functions are built of
/// operations that IEEE 754 rounds correctly; threads share rows, never a sum.
/// </remarks>
public static class ManagedEngine
{
    /// <summary>One engine on one thread, for whatever names no other.</summary>
    public static IEngine Default { get; } = Create(1);

    /// <summary>An engine that uses up to so many threads and the widest vectors that this machine has.</summary>
    /// <param name="threads">The greatest number of threads.</param>
    /// <param name="workAlone">How much work it does on one thread first, in operations on vectors. A program that ends after
    /// little does not earn back what the others cost, and while it starts the runtime has work for them.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such number of threads, or no such work.</exception>
    public static IEngine Create(int threads, long workAlone = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        ArgumentOutOfRangeException.ThrowIfNegative(workAlone);
        return Vector512.IsHardwareAccelerated ? new ManagedEngine<V16>(threads, workAlone)
            : Vector256.IsHardwareAccelerated ? new ManagedEngine<V8>(threads, workAlone)
            : Vector128.IsHardwareAccelerated ? new ManagedEngine<V4>(threads, workAlone)
            : new ManagedEngine<V1>(threads, workAlone);
    }
}

/// <summary>The managed engine at one vector width.</summary>
/// <remarks>
/// A kernel with loops is compiled well at its first call (AggressiveOptimization), because a step is too short to wait for a
/// second compilation. One that the shortest runs need is instead compiled ahead of time, which that rules out; where nothing
/// is compiled ahead it is compiled twice. No method takes a vector by value unless it is inlined: what does can never be
/// compiled ahead.
/// </remarks>
/// <typeparam name="V">The vector.</typeparam>
internal sealed unsafe partial class ManagedEngine<V> : IEngine, IWatchedProducts
    where V : struct, ISimd<V>
{
    private readonly Pool _pool;
    private readonly Workers _workers;

    public ManagedEngine(int threads, long workAlone = 0) => (_pool, _workers) = (new(), new(threads, workAlone));

    public string Name => "managed";

    public Raw FromFloats(ReadOnlySpan<float> values, Shape shape)
    {
        var result = Take(shape);
        values.CopyTo(new Span<float>(At(result), shape.Size));
        return Done(result);
    }

    public Raw FromInts(ReadOnlySpan<int> values, Shape shape)
    {
        var result = Take(shape, ElementType.Int32);
        values.CopyTo(new Span<int>(At(result), shape.Size));
        return Done(result);
    }

    public Raw Full(float value, Shape shape)
    {
        var result = Take(shape);
        new Span<float>(At(result), shape.Size).Fill(value);
        return Done(result);
    }

    public void Read(Raw x, Span<float> values)
    {
        new Span<float>(At(x), x.Shape.Size).CopyTo(values);
        Done(x);
    }

    public void Read(Raw x, Span<int> values)
    {
        new Span<int>(At(x), x.Shape.Size).CopyTo(values);
        Done(x);
    }

    public void Release(Storage storage) => ((ManagedStorage)storage).End();

    /// <summary>A result to be filled in.</summary>
    private Raw Take(Shape shape, ElementType type = ElementType.Float32) =>
        new(new ManagedStorage(this, _pool, _pool.Take(shape.Size)), shape, type);

    /// <summary>Where the elements of a sum are, to be added to: what was made of them holds no longer.</summary>
    private float* AtSum(Raw sum)
    {
        ((ManagedStorage)sum.Storage).Block.ForgetPacked(_pool);
        return At(sum);
    }

    /// <summary>Working memory of a kernel.</summary>
    private Scratch Borrow(int count) => new(_pool, count);

    private static float* At(Raw x) => ((ManagedStorage)x.Storage).Pointer;

    private static int* Ints(Raw x) => (int*)At(x);

    /// <summary>The result, once its operands are no longer read: until here the collector must not take them, though
    /// only pointers into them are in use.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Raw Done(Raw result, Raw a = default, Raw b = default, Raw c = default)
    {
        GC.KeepAlive(a.Storage);
        GC.KeepAlive(b.Storage);
        GC.KeepAlive(c.Storage);
        return result;
    }

    private bool IsWorthSharing(long work) => _workers.ThreadsFor(work) > 1;

    /// <summary>Divides a range among the threads in runs of a multiple of <paramref name="grain"/>, or does it at once
    /// where the work is small. The pieces must not depend on each other.</summary>
    /// <param name="count">The length of the range.</param>
    /// <param name="grain">What a run has to be a multiple of.</param>
    /// <param name="work">The cost of the whole range, in elementary operations on vectors.</param>
    /// <param name="body">Does from … to − 1.</param>
    private void Share(int count, int grain, long work, Action<int, int> body)
    {
        var threads = _workers.ThreadsFor(work);
        var runs = (count + grain - 1) / grain;
        if (threads <= 1 || runs <= 1)
        {
            body(0, count);
            return;
        }
        var parts = Math.Min(threads, runs);
        _workers.Run(parts, part => body(
            Math.Min(count, (int)((long)runs * part / parts) * grain),
            Math.Min(count, (int)((long)runs * (part + 1) / parts) * grain)));
    }
}
