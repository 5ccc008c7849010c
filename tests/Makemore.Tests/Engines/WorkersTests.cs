using System.Diagnostics;

namespace Makemore.Tests;

public sealed class WorkersTests
{
    private const double Near = 65, Far = 320;

    // The timeout of a failing test, long enough for a busy machine.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Theory, InlineData(1), InlineData(2), InlineData(5)]
    public void Run_FromSeveralThreadsAtOnce_DoesEachPartOnce(int threads)
    {
        var workers = new Workers(threads);
        Parallel.For(0, 4, new() { MaxDegreeOfParallelism = 4 }, _ =>
        {
            for (var job = 0; job < 500; job++)
            {
                var done = new int[job % 9];
                workers.Run(done.Length, (part, _) => Interlocked.Increment(ref done[part]));
                Assert.All(done, count => Assert.Equal(1, count));
            }
        });
    }

    [Fact]
    public void Run_OfTwoParts_UsesTwoThreads() => WorkerOf(new(2));

    // Only a job ends an infinite sleep.
    [Fact]
    public void Run_WhenTheWorkerSleeps_WakesIt()
    {
        var workers = new Workers(2, idleTimeout: Timeout.InfiniteTimeSpan);
        Assert.Same(WorkerOf(workers), WorkerOf(workers));
    }

    [Fact]
    public void Run_WhenTheWorkerHasExited_StartsAnother()
    {
        var workers = new Workers(2, idleTimeout: TimeSpan.FromMilliseconds(1));
        var worker = WorkerOf(workers);
        Assert.True(worker.Join(Limit));
        Assert.NotSame(worker, WorkerOf(workers));
    }

    /// <summary>The thread that did the second of two parts, once it sleeps or has exited. The caller does that part only if no
    /// worker takes it.</summary>
    private static Thread WorkerOf(Workers workers)
    {
        using ManualResetEventSlim hasStarted = new(), isDone = new();
        Thread? worker = null;
        workers.Run(2, (part, _) =>
        {
            if (part == 0)
            {
                hasStarted.Set();
                isDone.Wait(Limit);
                // After a worker that is late the caller would do the next job alone.
                SpinWait.SpinUntil(() => workers.Asleep == 1 || worker is { IsAlive: false }, Limit);
                return;
            }
            // Before that this thread could take the other part too.
            hasStarted.Wait(Limit);
            worker = Thread.CurrentThread;
            isDone.Set();
        });
        Assert.NotNull(worker);
        Assert.NotSame(Thread.CurrentThread, worker);
        return worker;
    }

    [Fact]
    public void Run_OfManyParts_WaitsForALateThreadOnlyInItsPart()
    {
        using ManualResetEventSlim hasStarted = new();
        using CountdownEvent others = new(7);
        new Workers(2).Run(8, (_, thread) =>
        {
            if (thread == 1)
            {
                hasStarted.Set();
                Assert.True(others.Wait(Limit));
                return;
            }
            hasStarted.Wait(Limit);
            others.Signal();
        });
    }

    [Theory, InlineData(1), InlineData(3)]
    public void Run_WhosePartThrows_RethrowsAndKeepsWorking(int threads)
    {
        var workers = new Workers(threads);
        for (var i = 0; i < 50; i++)
        {
            var failure = Assert.Throws<InvalidOperationException>(() =>
                workers.Run(4, (part, _) => _ = part == 2 ? throw new InvalidOperationException("part 2") : part));
            Assert.Equal("part 2", failure.Message);
        }
        var sum = 0;
        workers.Run(10, (part, _) => Interlocked.Add(ref sum, part));
        Assert.Equal(45, sum);
    }

    [Fact]
    public void Run_InsideAPart_RunsAllParts()
    {
        var workers = new Workers(2);
        var count = 0;
        workers.Run(4, (_, _) => workers.Run(4, (_, _) => Interlocked.Increment(ref count)));
        Assert.Equal(16, count);
    }

    [Fact]
    public void ThreadsFor_GrowsWithTheWork_NeverAboveTheThreads()
    {
        var workers = new Workers(3, measure: _ => Near);
        Assert.Equal([1, 1, 1, 2, 3], new[] { 0, 1, 4000, 4096, long.MaxValue }.Select(work => workers.ThreadsFor(work)));
        Assert.Equal(1, new Workers(1).ThreadsFor(long.MaxValue));
    }

    [Fact]
    public void ThreadsFor_TheFirstWork_IsOne()
    {
        var workers = new Workers(3, serialWork: 200_000, _ => Near);
        Assert.Equal([1, 1, 1, 2, 2], new long[] { 5000, 4000, 194_000, 5000, 5000 }.Select(work => workers.ThreadsFor(work)));
        Assert.Equal(3, new Workers(3, serialWork: 200_000, _ => Near).ThreadsFor(long.MaxValue));
    }

    [Theory]
    [InlineData(Near, 5000, false, 2), InlineData(Near, 5000, true, 2), InlineData(Far, 5000, false, 1)]
    [InlineData(Far, 5000, true, 2), InlineData(Far, 200_000, false, 1), InlineData(Far, 300_000, false, 2)]
    [InlineData(Far, 4000, true, 1)]
    public void ThreadsFor_BetweenDistantCores_DependsOnWhereTheDataIs(double latency, long work, bool isDistributed, int expected)
    {
        var measured = false;
        var workers = new Workers(2, measure: _ =>
        {
            measured = true;
            return latency;
        });
        for (var start = Stopwatch.GetTimestamp(); !measured && Stopwatch.GetElapsedTime(start) < Limit;)
            workers.ThreadsFor(5000);
        Assert.True(measured);
        Assert.Equal(expected, workers.ThreadsFor(work, isDistributed));
    }

    // On one core the two threads never run at the same time.
    [MultiCoreFact]
    public void Ping_OfAnotherThread_MeasuresItsLatency()
    {
        for (var tries = 0; tries < 1000; tries++)
        {
            var probe = new LatencyProbe();
            var other = new Thread(probe.Pong);
            other.Start();
            while (!probe.HasJoined)
                Thread.Yield();
            var roundTrip = probe.Ping();
            other.Join();
            if (roundTrip is not { } nanoseconds)
                continue; // one of the two was preempted
            Assert.InRange(nanoseconds, 1, 1e6);
            return;
        }
        Assert.Fail("in each of a thousand tries one of the two threads was preempted");
    }

    [Fact]
    public void Ping_WithoutAnAnswer_GivesUp()
    {
        var probe = new LatencyProbe();
        Assert.False(probe.HasJoined);
        probe.Pong();
        Assert.True(probe.HasJoined);
        Assert.Null(probe.Ping());
    }

    [Theory, InlineData(28, false), InlineData(Near, true), InlineData(Far, false)]
    public void IsNear_OfTwoThreadsOfACoreOrOfTwoCaches_IsFalse(double nanoseconds, bool expected) =>
        Assert.Equal(expected, LatencyProbe.IsNear(nanoseconds));
}
