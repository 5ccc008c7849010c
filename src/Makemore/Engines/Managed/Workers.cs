using System.Diagnostics;

namespace Makemore;

/// <summary>
/// A few threads that share the parts of one job with the caller. Between jobs they watch for the next one for a
/// moment, because a training step has hundreds, then sleep, then end.
/// </summary>
/// <remarks>A machine may have less to give than it has cores: a helper that was sent away in the middle of its part holds
/// the caller up for longer than the whole job is worth. Where that happens the caller works alone for a while, the
/// longer the more often. Who does a part never shows in its result.</remarks>
internal sealed class Workers(int threads)
{
    private const int Spins = 2000;
    private static readonly TimeSpan TooLong = TimeSpan.FromMicroseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly Lock _caller = new();
    private readonly object _sleep = new();
    private volatile Job? _job;
    private int _running;
    private int _jobsAlone;
    private int _penalty;

    /// <summary>The number of threads, the caller's included.</summary>
    public int Threads { get; } = threads;

    /// <summary>Does parts 0 … count − 1, and returns when all are done. A caller that finds the workers busy does its
    /// parts alone.</summary>
    public void Run(int count, Action<int> part)
    {
        if (Threads == 1 || count == 1 || _jobsAlone-- > 0 || !_caller.TryEnter())
        {
            for (var i = 0; i < count; i++)
                part(i);
            return;
        }
        try
        {
            var job = new Job(count, part);
            _job = job;
            WakeOrStart(Math.Min(Threads, count) - 1);
            var start = Stopwatch.GetTimestamp();
            job.Help();
            var helped = Stopwatch.GetTimestamp();
            job.AwaitOthers();
            Judge(Stopwatch.GetElapsedTime(start, helped), Stopwatch.GetElapsedTime(helped));
        }
        finally
        {
            _job = null;
            _caller.Exit();
        }
    }

    /// <summary>Decides from how long the caller worked, and then waited for its helpers, how many jobs it does alone.</summary>
    private void Judge(TimeSpan worked, TimeSpan waited)
    {
        const int Least = 64, Most = 8192;
        var isLate = waited > 3 * worked && waited > TooLong;
        _penalty = isLate ? Math.Clamp(2 * _penalty, Least, Most) : _penalty - (_penalty / 128);
        _jobsAlone = isLate ? _penalty : 0;
    }

    private void WakeOrStart(int helpers)
    {
        lock (_sleep)
        {
            for (; _running < helpers; _running++)
                new Thread(Work) { IsBackground = true, Name = "Makemore worker" }.Start();
            Monitor.PulseAll(_sleep);
        }
    }

    private void Work()
    {
        Job? last = null;
        while (Next(last) is { } job)
        {
            job.Help();
            last = job;
        }
    }

    /// <summary>The next job; none when there was none for a while, and the thread should end.</summary>
    private Job? Next(Job? last)
    {
        for (var spin = 0; spin < Spins; spin++)
        {
            if (Newer(last) is { } job)
                return job;
            Thread.SpinWait(10);
        }
        lock (_sleep)
        {
            var inTime = true;
            while (inTime && Newer(last) is null)
                inTime = Monitor.Wait(_sleep, Patience);
            if (Newer(last) is { } job)
                return job;
            _running--;
            return null;
        }
    }

    private Job? Newer(Job? last) => _job is { } job && !ReferenceEquals(job, last) ? job : null;

    private sealed class Job(int count, Action<int> part)
    {
        private int _taken;
        private readonly int _count = count;
        private int _left = count;
        private Exception? _failure;

        public void Help()
        {
            for (int i; (i = Interlocked.Increment(ref _taken) - 1) < _count;)
            {
                try
                {
                    part(i);
                }
                catch (Exception failure)
                {
                    _failure = failure;
                }
                Interlocked.Decrement(ref _left);
            }
        }

        public void AwaitOthers()
        {
            var spinner = default(SpinWait);
            while (Volatile.Read(ref _left) > 0)
                spinner.SpinOnce(sleep1Threshold: -1);
            if (_failure is not null)
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
        }
    }
}
