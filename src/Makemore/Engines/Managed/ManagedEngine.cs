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
/// operations that IEEE 754 rounds correctly; a sum over many rows of a batch is one over each half, added up, at any number
/// of threads. Data seldom travel: of two threads each has its half of the rows, wherever a kernel goes by rows.
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
    // A sum over so many rows is made in two halves.
    private const int MinHalved = 128;

    private readonly Pool _pool;
    private readonly Pool[] _scratch;
    private readonly Workers _workers;

    public ManagedEngine(int threads, long workAlone = 0) =>
        (_pool, _scratch, _workers) = (new(), [.. Enumerable.Range(0, threads).Select(_ => new Pool())], new(threads, workAlone));

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
        Keep(x);
    }

    public void Read(Raw x, Span<int> values)
    {
        new Span<int>(At(x), x.Shape.Size).CopyTo(values);
        Keep(x);
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

    /// <summary>Working memory of a kernel; of one part of a shared job its own, which is in the cache of the thread that had
    /// it before.</summary>
    private Scratch Borrow(int count, int part = 0) => new(_scratch[part], count);

    private static float* At(Raw x) => ((ManagedStorage)x.Storage).Pointer;

    private static int* Ints(Raw x) => (int*)At(x);

    /// <summary>The result, once its operands are no longer read: until here the collector must not take them, though
    /// only pointers into them are in use. Its rows are where those are that they were made of.</summary>
    private static Raw Done(Raw result, Raw rows = default, Raw b = default, Raw c = default)
    {
        Spread(result, IsSpread(rows));
        Keep(rows, b, c);
        return result;
    }

    /// <summary>Keeps operands from the collector until here.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keep(Raw a, Raw b = default, Raw c = default)
    {
        GC.KeepAlive(a.Storage);
        GC.KeepAlive(b.Storage);
        GC.KeepAlive(c.Storage);
    }

    /// <summary>Takes note of whether a result's rows lie with the threads that made them.</summary>
    private static void Spread(Raw result, bool isSpread)
    {
        if (isSpread)
            ((ManagedStorage)result.Storage).IsSpread = true;
    }

    private static bool IsSpread(Raw x) => x.Storage is ManagedStorage { IsSpread: true };

    private bool IsWorthSharing(long work, Raw source) => _workers.ThreadsFor(work, IsSpread(source)) > 1;

    /// <summary>Divides a range among the threads in runs of a multiple of <paramref name="grain"/>, or does it at once
    /// where the work is small. The pieces must not depend on each other.</summary>
    /// <param name="source">What its pieces are made of, piece by piece; nothing where each needs all there is.</param>
    /// <param name="count">The length of the range.</param>
    /// <param name="grain">What a run has to be a multiple of.</param>
    /// <param name="work">The cost of the whole range, in elementary operations on vectors.</param>
    /// <param name="body">Does from … to − 1.</param>
    private void Share(Raw source, int count, int grain, long work, Action<int, int> body) =>
        Share(source, count, grain, work, (_, from, to) => body(from, to));

    /// <summary>As <see cref="Share(Raw, int, int, long, Action{int, int})"/>; the body gets its part's number too.</summary>
    /// <returns>Whether it was divided.</returns>
    private bool Share(Raw source, int count, int grain, long work, Action<int, int, int> body)
    {
        var parts = PartsOf(source, count, grain, work);
        if (parts <= 1)
            body(0, 0, count);
        else
            _workers.Run(parts, part => body(part, Begin(count, grain, part, parts), Begin(count, grain, part + 1, parts)));
        return parts > 1;
    }

    private int PartsOf(Raw source, int count, int grain, long work) =>
        Math.Min(_workers.ThreadsFor(work, IsSpread(source)), (count + grain - 1) / grain);

    private static int Begin(int count, int grain, int part, int parts) =>
        Math.Min(count, (int)((long)((count + grain - 1) / grain) * part / parts) * grain);

    /// <summary>The length of the first half of so many rows: what the first of two threads has of them, or nearly.</summary>
    private static int FirstHalf(int rows) => (rows + TileRows - 1) / TileRows / 2 * TileRows;

    /// <summary>Divides sums over rows among the threads: by halves of the rows first, then by columns. The body gets the number
    /// of its part, and the half, the rows and the columns of what it is to add up.</summary>
    private void ShareSums(Raw source, int rows, int columns, int grain, long work, Action<int, int, Range, Range> body)
    {
        var (halves, groups) = (Halves(rows), (columns + grain - 1) / grain);
        Share(source, halves * groups, 1, work, (part, from, to) =>
        {
            for (var half = 0; half < halves; half++)
            {
                var (first, last) = (Math.Max(from - (half * groups), 0), Math.Min(to - (half * groups), groups));
                if (first < last)
                    body(part, half, RowsOf(half, rows), (first * grain)..Math.Min(last * grain, columns));
            }
        });
    }

    private static int Halves(int rows) => rows >= MinHalved ? 2 : 1;

    private static Range RowsOf(int half, int rows) =>
        Halves(rows) == 1 ? 0..rows : half == 0 ? 0..FirstHalf(rows) : FirstHalf(rows)..rows;
}
