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
}
