using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Makemore;

/// <summary>
/// The engine in C#: SIMD kernels over pooled memory, with nothing native to install. The same inputs give the same bits at any
/// number of threads and any vector width.
/// </summary>
/// <remarks>
/// Same bits by construction: a product accumulates each output over k in order with fused multiply-adds. A sum has 16 virtual
/// lanes, reduced by one fixed tree, at any register width. Elementary functions use only operations that IEEE 754 rounds
/// correctly. A sum over many rows of a batch is the sum of those over each half of the rows, at any number of threads. Data
/// seldom moves between cores: with two threads each has its half of the rows, wherever a kernel goes by rows.
/// </remarks>
public static class ManagedEngine
{
    /// <summary>The default engine, on one thread.</summary>
    public static IEngine Default { get; } = Create(1);

    /// <summary>An engine with the widest vectors that this machine has.</summary>
    /// <param name="threads">The maximum number of threads.</param>
    /// <param name="serialWork">The amount of work, in vector operations, that is done on one thread before others are started.
    /// A short program does not repay their cost, and while it starts the runtime's own threads need the cores.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of threads is not positive, or the amount of work is
    /// negative.</exception>
    public static IEngine Create(int threads, long serialWork = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        ArgumentOutOfRangeException.ThrowIfNegative(serialWork);
        return Vector512.IsHardwareAccelerated ? new ManagedEngine<V16>(threads, serialWork)
            : Vector256.IsHardwareAccelerated ? new ManagedEngine<V8>(threads, serialWork)
            : Vector128.IsHardwareAccelerated ? new ManagedEngine<V4>(threads, serialWork)
            : new ManagedEngine<V1>(threads, serialWork);
    }
}

/// <summary>The managed engine at one vector width.</summary>
/// <remarks>
/// Kernels with loops are fully optimized at their first call (AggressiveOptimization), because a step is too short to wait for
/// tiered compilation. That attribute rules out ahead-of-time compilation, so kernels that the shortest runs need do without it.
/// No method takes a vector by value unless it is inlined, because such a method cannot be compiled ahead of time.
/// </remarks>
/// <typeparam name="V">The vector.</typeparam>
internal sealed unsafe partial class ManagedEngine<V> : IEngine, IObservableProducts, IPartialRows
    where V : struct, ISimd<V>
{
    // Sums over this many rows or more are computed in two halves.
    private const int MinSplitRows = 128;

    // Rows are divided among threads, and into halves, in groups of this many.
    private const int RowGrain = 8;

    // A part of a job is small enough that a thread which is preempted in the middle of it delays the others little, and large
    // enough to repay taking it.
    private const long MinPartWork = 1 << 18;
    private const int MaxPartsPerThread = 8;

    private readonly Pool _pool;
    private readonly Pool[] _scratch;
    private readonly Workers _workers;

    public ManagedEngine(int threads, long serialWork = 0) =>
        (_pool, _scratch, _workers) =
            (new(), [.. Enumerable.Range(0, threads).Select(_ => new Pool())], new(threads, serialWork));

    public string Name => "managed";

    public Raw FromFloats(ReadOnlySpan<float> values, Shape shape)
    {
        var result = Allocate(shape);
        values.CopyTo(new Span<float>(At(result), shape.Size));
        return Finish(result);
    }

    public Raw FromInts(ReadOnlySpan<int> values, Shape shape)
    {
        var result = Allocate(shape, ElementType.Int32);
        values.CopyTo(new Span<int>(At(result), shape.Size));
        return Finish(result);
    }

    public Raw Full(float value, Shape shape)
    {
        var result = Allocate(shape);
        new Span<float>(At(result), shape.Size).Fill(value);
        return Finish(result);
    }

    public void Read(Raw x, Span<float> values)
    {
        new Span<float>(At(x), x.Shape.Size).CopyTo(values);
        KeepAlive(x);
    }

    public void Read(Raw x, Span<int> values)
    {
        new Span<int>(At(x), x.Shape.Size).CopyTo(values);
        KeepAlive(x);
    }

    public Raw Borrow(Raw other) => other with { Storage = new ManagedStorage(this, _pool, new Block(BlockOf(other))) };

    public void Release(Storage storage) => ((ManagedStorage)storage).Release();

    /// <summary>A result with undefined elements.</summary>
    private Raw Allocate(Shape shape, ElementType type = ElementType.Float32) =>
        new(new ManagedStorage(this, _pool, _pool.Rent(shape.Size)), shape, type);

    /// <summary>The elements of a sum that is accumulated in place; invalidates what is cached of them.</summary>
    private float* AtSum(Raw sum)
    {
        ((ManagedStorage)sum.Storage).Unshare();
        BlockOf(sum).ReleasePacked(_pool);
        return At(sum);
    }

    /// <summary>Scratch memory of a kernel. Each thread has its own pool, whose memory is in its cache.</summary>
    private Scratch RentScratch(int count, int thread = 0) => new(_scratch[thread], count);

    private static Block BlockOf(Raw x) => ((ManagedStorage)x.Storage).Block;

    private static float* At(Raw x) => ((ManagedStorage)x.Storage).Pointer;

    private static int* Ints(Raw x) => (int*)At(x);

    /// <summary>Returns a finished result. Keeps its operands from the garbage collector until here, because kernels use only
    /// pointers into them. The result's rows are in the same caches as those that they were computed from.</summary>
    private static Raw Finish(Raw result, Raw rows = default, Raw b = default, Raw c = default)
    {
        SetDistributed(result, IsDistributed(rows));
        KeepAlive(rows, b, c);
        return result;
    }

    /// <summary>Keeps operands from the garbage collector until here.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void KeepAlive(Raw a, Raw b = default, Raw c = default)
    {
        GC.KeepAlive(a.Storage);
        GC.KeepAlive(b.Storage);
        GC.KeepAlive(c.Storage);
    }

    /// <summary>Records whether a result's rows are in the caches of the threads that computed them.</summary>
    private static void SetDistributed(Raw result, bool isDistributed)
    {
        if (isDistributed)
            ((ManagedStorage)result.Storage).IsDistributed = true;
    }

    private static bool IsDistributed(Raw x) => x.Storage is ManagedStorage { IsDistributed: true };

    private bool IsWorthParallel(long work, Raw source) => _workers.ThreadsFor(work, IsDistributed(source)) > 1;

    /// <summary>Divides a range among the threads, or runs it on this one if the work is small. The pieces must be
    /// independent.</summary>
    /// <param name="source">The operand that the range divides as well; none if each piece reads all operands.</param>
    /// <param name="count">The length of the range.</param>
    /// <param name="grain">The length of a piece is a multiple of it.</param>
    /// <param name="work">The cost of the whole range in vector operations.</param>
    /// <param name="body">Processes from … to − 1.</param>
    private void ParallelFor(Raw source, int count, int grain, long work, Action<int, int> body) =>
        ParallelFor(source, count, grain, work, (_, from, to) => body(from, to));

    /// <summary>As <see cref="ParallelFor(Raw, int, int, long, Action{int, int})"/>; the body also receives the number of its
    /// thread.</summary>
    /// <returns>Whether the range was divided.</returns>
    private bool ParallelFor(Raw source, int count, int grain, long work, Action<int, int, int> body)
    {
        var parts = PartCount(source, count, grain, work);
        if (parts <= 1)
            body(0, 0, count);
        else
            _workers.Run(parts, (part, thread) => body(
                thread, PartStart(count, grain, part, parts), PartStart(count, grain, part + 1, parts)));
        return parts > 1;
    }

    private int PartCount(Raw source, int count, int grain, long work)
    {
        var threads = _workers.ThreadsFor(work, IsDistributed(source));
        var partsPerThread = threads == 1 ? 1 : Math.Clamp(work / threads / MinPartWork, 1, MaxPartsPerThread);
        return (int)Math.Min(threads * partsPerThread, (count + grain - 1) / grain);
    }

    private static int PartStart(int count, int grain, int part, int parts) =>
        Math.Min(count, (int)((long)((count + grain - 1) / grain) * part / parts) * grain);

    /// <summary>The length of the first half of the rows; about the part of the first of two threads.</summary>
    private static int FirstHalf(int rows) => (rows + RowGrain - 1) / RowGrain / 2 * RowGrain;

    /// <summary>Divides sums over rows among the threads: first by halves of the rows, then by columns. The body receives the
    /// number of its thread, and the half, the rows and the columns that it sums.</summary>
    private void ParallelSums(Raw source, int rows, int columns, int grain, long work, Action<int, int, Range, Range> body)
    {
        var (halves, groups) = (Halves(rows), (columns + grain - 1) / grain);
        ParallelFor(source, halves * groups, 1, work, (thread, from, to) =>
        {
            for (var half = 0; half < halves; half++)
            {
                var (first, last) = (Math.Max(from - (half * groups), 0), Math.Min(to - (half * groups), groups));
                if (first < last)
                    body(thread, half, RowsOf(half, rows), (first * grain)..Math.Min(last * grain, columns));
            }
        });
    }

    private static int Halves(int rows) => rows >= MinSplitRows ? 2 : 1;

    private static Range RowsOf(int half, int rows) =>
        Halves(rows) == 1 ? 0..rows : half == 0 ? 0..FirstHalf(rows) : FirstHalf(rows)..rows;
}
