using System.Collections.Concurrent;

namespace Makemore.Tests;

public sealed class WorkersTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(5)]
    public void Run_FromSeveralThreadsAtOnce_DoesEachPartOnce(int threads)
    {
        var workers = new Workers(threads);
        Parallel.For(0, 4, new() { MaxDegreeOfParallelism = 4 }, _ =>
        {
            for (var job = 0; job < 500; job++)
            {
                var done = new int[job % 9];
                workers.Run(done.Length, part => Interlocked.Increment(ref done[part]));
                Assert.All(done, count => Assert.Equal(1, count));
            }
        });
    }

    [Fact]
    public void Run_OfTwoParts_UsesTwoThreads()
    {
        var workers = new Workers(2);
        var seen = new ConcurrentDictionary<int, bool>();
        using var meeting = new Barrier(2);
        workers.Run(2, _ =>
        {
            seen[Environment.CurrentManagedThreadId] = true;
            Assert.True(meeting.SignalAndWait(TimeSpan.FromSeconds(20)));
        });
        Assert.Equal(2, seen.Count);
    }

    [Theory, InlineData(1), InlineData(3)]
    public void Run_WhosePartThrows_ThrowsItAndGoesOnWorking(int threads)
    {
        var workers = new Workers(threads);
        for (var i = 0; i < 50; i++)
        {
            var failure = Assert.Throws<InvalidOperationException>(() =>
                workers.Run(4, part => _ = part == 2 ? throw new InvalidOperationException("part 2") : part));
            Assert.Equal("part 2", failure.Message);
        }
        var sum = 0;
        workers.Run(10, part => Interlocked.Add(ref sum, part));
        Assert.Equal(45, sum);
    }

    [Fact]
    public void Run_InsideAPart_IsDoneToo()
    {
        var workers = new Workers(2);
        var count = 0;
        workers.Run(4, _ => workers.Run(4, _ => Interlocked.Increment(ref count)));
        Assert.Equal(16, count);
    }

    [Fact]
    public void ThreadsFor_GrowsWithTheWork_NeverAboveTheThreads()
    {
        var workers = new Workers(3);
        Assert.Equal([1, 1, 1, 2, 3], new[] { 0, 1, 4000, 4096, long.MaxValue }.Select(work => workers.ThreadsFor(work)));
        Assert.Equal(1, new Workers(1).ThreadsFor(long.MaxValue));
    }

    [Fact]
    public void ThreadsFor_TheFirstWork_IsOne()
    {
        var workers = new Workers(3, workAlone: 200_000);
        Assert.Equal([1, 1, 1, 2, 2], new long[] { 5000, 4000, 194_000, 5000, 5000 }.Select(work => workers.ThreadsFor(work)));
        Assert.Equal(3, new Workers(3, workAlone: 200_000).ThreadsFor(long.MaxValue));
    }

    [Fact]
    public void Rally_OfTwo_MeasuresTheirDistance()
    {
        // Two threads of one core cannot play: neither is there when the other is.
        for (var tries = 0; tries < 1000 && Environment.ProcessorCount > 1; tries++)
        {
            var rally = new Rally();
            var other = new Thread(rally.Return);
            other.Start();
            while (!rally.HasCome)
                Thread.Yield();
            var roundTrip = rally.Serve();
            other.Join();
            if (roundTrip is not { } nanoseconds)
                continue; // one of the two was sent away
            Assert.InRange(nanoseconds, 1, 1e6);
            return;
        }
        Assert.Equal(1, Environment.ProcessorCount);
    }

    [Fact]
    public void Rally_WhoseReturnerHasLeft_IsGivenUp()
    {
        var rally = new Rally();
        Assert.False(rally.HasCome);
        rally.Return();
        Assert.True(rally.HasCome);
        Assert.Null(rally.Serve());
    }

    [Theory, InlineData(28, false), InlineData(65, true), InlineData(330, false)]
    public void IsNearby_IsNeitherOneCoreNorTwoCaches(double nanoseconds, bool expected) =>
        Assert.Equal(expected, Rally.IsNearby(nanoseconds));
}
