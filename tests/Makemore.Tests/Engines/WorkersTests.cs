using System.Diagnostics;

namespace Makemore.Tests;

public sealed class WorkersTests
{
    private const double Near = 65, Far = 320;

    // How long a test that fails waits for what does not come, however busy the machine is.
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
                workers.Run(done.Length, part => Interlocked.Increment(ref done[part]));
                Assert.All(done, count => Assert.Equal(1, count));
            }
        });
    }

    [Fact]
    public void Run_OfTwoParts_UsesTwoThreads() => Helper(new(2));

    // Nothing but a call ends a sleep without end.
    [Fact]
    public void Run_WhenTheHelperSleeps_WakesIt()
    {
        var workers = new Workers(2, patience: Timeout.InfiniteTimeSpan);
        Assert.Same(Helper(workers), Helper(workers));
    }

    [Fact]
    public void Run_WhenTheHelperHasEnded_StartsAnother()
    {
        var workers = new Workers(2, patience: TimeSpan.FromMilliseconds(1));
        var helper = Helper(workers);
        Assert.True(helper.Join(Limit));
        Assert.NotSame(helper, Helper(workers));
    }

    /// <summary>The thread that did the second of two parts, when it has come to rest after it; the caller does that part only
    /// where no helper came.</summary>
    private static Thread Helper(Workers workers)
    {
        using ManualResetEventSlim hasBegun = new(), isDone = new();
        Thread? helper = null;
        workers.Run(2, part =>
        {
            if (part == 0)
            {
                hasBegun.Set();
                isDone.Wait(Limit);
                // A helper that takes long to end its part would be done without in the next job.
                SpinWait.SpinUntil(() => workers.Asleep == 1 || helper is { IsAlive: false }, Limit);
                return;
            }
            // Until then the other part might be done here too.
            hasBegun.Wait(Limit);
            helper = Thread.CurrentThread;
            isDone.Set();
        });
        Assert.NotNull(helper);
        Assert.NotSame(Thread.CurrentThread, helper);
        return helper;
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
        var workers = new Workers(3, measure: _ => Near);
        Assert.Equal([1, 1, 1, 2, 3], new[] { 0, 1, 4000, 4096, long.MaxValue }.Select(work => workers.ThreadsFor(work)));
        Assert.Equal(1, new Workers(1).ThreadsFor(long.MaxValue));
    }

    [Fact]
    public void ThreadsFor_TheFirstWork_IsOne()
    {
        var workers = new Workers(3, workAlone: 200_000, _ => Near);
        Assert.Equal([1, 1, 1, 2, 2], new long[] { 5000, 4000, 194_000, 5000, 5000 }.Select(work => workers.ThreadsFor(work)));
        Assert.Equal(3, new Workers(3, workAlone: 200_000, _ => Near).ThreadsFor(long.MaxValue));
    }

    [Theory]
    [InlineData(Near, 5000, false, 2), InlineData(Near, 5000, true, 2), InlineData(Far, 5000, false, 1)]
    [InlineData(Far, 5000, true, 2), InlineData(Far, 200_000, false, 1), InlineData(Far, 300_000, false, 2)]
    [InlineData(Far, 4000, true, 1)]
    public void ThreadsFor_BetweenDistantCores_CountsWhereTheDataAre(double distance, long work, bool isSpread, int expected)
    {
        var measured = false;
        var workers = new Workers(2, measure: _ =>
        {
            measured = true;
            return distance;
        });
        for (var start = Stopwatch.GetTimestamp(); !measured && Stopwatch.GetElapsedTime(start) < Limit;)
            workers.ThreadsFor(5000);
        Assert.True(measured);
        Assert.Equal(expected, workers.ThreadsFor(work, isSpread));
    }

    // Two threads of one core cannot play: neither is there when the other is.
    [CoresFact]
    public void Rally_OfTwo_MeasuresTheirDistance()
    {
        for (var tries = 0; tries < 1000; tries++)
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
        Assert.Fail("in each of a thousand rallies one of the two was sent away");
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

    [Theory, InlineData(28, false), InlineData(Near, true), InlineData(Far, false)]
    public void IsNearby_IsNeitherOneCoreNorTwoCaches(double nanoseconds, bool expected) =>
        Assert.Equal(expected, Rally.IsNearby(nanoseconds));
}
