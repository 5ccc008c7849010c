using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Makemore;

/// <summary>
/// A few threads that share the parts of a job with the caller. A training step has hundreds of jobs, so between jobs workers
/// spin for a moment, then sleep, then exit.
/// </summary>
/// <remarks>
/// A machine may have less CPU time to give than it has cores. A worker that is preempted in the middle of its part delays the
/// caller for longer than the whole job takes. When that happens, the caller works alone for a while, longer the more often it
/// happens. Two cores may also be far apart: then moving data between them takes longer than most jobs, and where the data is
/// matters more than the amount of work. A virtual machine's cores may be rescheduled, so the latency is measured repeatedly;
/// that of one worker is taken as that of all. Which thread does a part never affects its result.
/// </remarks>
/// <param name="threads">The number of threads, including the caller's.</param>
/// <param name="serialWork">The amount of work, in vector operations, that the caller does alone before it starts
/// workers.</param>
/// <param name="measure">Measures the latency of a worker in nanoseconds per round trip; by default pings it.</param>
/// <param name="idleTimeout">How long a worker sleeps before it exits; 2 s by default.</param>
internal sealed class Workers(
    int threads, long serialWork = 0, Func<LatencyProbe, double?>? measure = null, TimeSpan? idleTimeout = null)
{
    // The work in vector operations that repays waking a worker, and, when cores are far apart, sending it data.
    private const long MinWork = 2048, MinWorkFar = 64 * MinWork;

    // How long a worker spins between two jobs of a step, and how long the caller spins for a worker's part before it yields its
    // core, in iterations of Thread.SpinWait, about thirty per microsecond.
    private const int Spins = 20_000, SpinsBeforeYield = 2_000;
    private static readonly TimeSpan MinDelay = TimeSpan.FromMicroseconds(100);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(50);
    private readonly TimeSpan _idleTimeout = idleTimeout ?? TimeSpan.FromSeconds(2);
    private readonly Lock _caller = new();
    private readonly object _sleep = new();
    private volatile Job? _job;
    private readonly bool[] _isRunning = new bool[threads];
    private int _asleep;
    private long _serialWork = serialWork;
    private int _serialJobs;
    private int _penalty;
    private volatile LatencyProbe? _probe;
    private long _lastProbe;
    private bool _isFar;

    /// <summary>The number of threads, including the caller's.</summary>
    public int Threads { get; } = threads;

    /// <summary>The number of workers that sleep.</summary>
    public int Asleep => Volatile.Read(ref _asleep);

    /// <summary>The number of threads that pays off for a job.</summary>
    /// <param name="work">The job's work in vector operations.</param>
    /// <param name="isDistributed">Whether each thread already has the data of its part.</param>
    public int ThreadsFor(long work, bool isDistributed = false)
    {
        if (Threads == 1 || work < 2 * MinWork)
            return 1;
        // Two callers may decrease it at once: it need not be exact.
        if (_serialWork > 0 && (_serialWork -= work) > 0)
            return 1;
        if (_probe is { HasJoined: true } || Stopwatch.GetElapsedTime(_lastProbe) > ProbeInterval)
            Probe();
        return (int)Math.Clamp(work / (_isFar && !isDistributed ? MinWorkFar : MinWork), 1, Threads);
    }

    /// <summary>Asks a worker to join a probe, without waiting, or measures the latency of the one that joined.</summary>
    private void Probe()
    {
        if (!_caller.TryEnter())
            return;
        try
        {
            _lastProbe = Stopwatch.GetTimestamp();
            if (_probe is not { HasJoined: true })
            {
                _probe = new();
                WakeOrStart(1);
                return;
            }
            if ((measure ?? (probe => probe.Ping()))(_probe) is { } roundTrip)
                _isFar = !LatencyProbe.IsNear(roundTrip);
            _probe = null;
        }
        finally
        {
            _caller.Exit();
        }
    }

    /// <summary>Runs parts 0 … count − 1 and returns when all are done. If the workers are busy with another caller's job, the
    /// caller runs all parts alone.</summary>
    /// <param name="count">The number of parts. With more parts than threads, a thread that is slow or late does fewer.</param>
    /// <param name="part">Runs a part, given its number and that of its thread.</param>
    public void Run(int count, Action<int, int> part)
    {
        if (Threads == 1 || count <= 1 || _serialJobs-- > 0 || !_caller.TryEnter())
        {
            for (var i = 0; i < count; i++)
                part(i, 0);
            return;
        }
        try
        {
            var job = new Job(count, Threads, part);
            _job = job;
            var workers = Math.Min(Threads, count) - 1;
            // Either a worker that is about to sleep sees the job, or this thread sees that it sleeps.
            Interlocked.MemoryBarrier();
            if (Asleep > 0 || Array.IndexOf(_isRunning, false, 1, workers) > 0)
                WakeOrStart(workers);
            var start = Stopwatch.GetTimestamp();
            job.Work(0);
            var done = Stopwatch.GetTimestamp();
            job.AwaitOthers();
            UpdatePenalty(Stopwatch.GetElapsedTime(start, done), Stopwatch.GetElapsedTime(done));
        }
        finally
        {
            _job = null;
            _caller.Exit();
        }
    }

    /// <summary>Decides how many jobs the caller does alone, from how long it worked and then waited for its workers.</summary>
    private void UpdatePenalty(TimeSpan worked, TimeSpan waited)
    {
        const int Min = 64, Max = 8192;
        var isLate = waited > 3 * worked && waited > MinDelay;
        _penalty = isLate ? Math.Clamp(2 * _penalty, Min, Max) : _penalty - (_penalty / 128);
        _serialJobs = isLate ? _penalty : 0;
    }

    private void WakeOrStart(int workers)
    {
        lock (_sleep)
        {
            for (var i = 1; i <= workers; i++)
            {
                if (_isRunning[i])
                    continue;
                var number = i;
                new Thread(() => WorkerLoop(number)) { IsBackground = true, Name = "Makemore worker" }.Start();
                _isRunning[i] = true;
            }
            Monitor.PulseAll(_sleep);
        }
    }

    private void WorkerLoop(int number)
    {
        Job? last = null;
        while (AwaitWork(number, last))
        {
            if (NewJob(last) is { } job)
            {
                job.Work(number);
                last = job;
            }
            _probe?.Pong();
        }
    }

    /// <summary>Waits for the next job or probe; false if there was none for a while and the thread should exit.</summary>
    private bool AwaitWork(int number, Job? last)
    {
        for (var spin = 0; spin < Spins; spin++)
        {
            if (HasWork(last))
                return true;
            Thread.SpinWait(1);
        }
        lock (_sleep)
        {
            Interlocked.Increment(ref _asleep);
            var inTime = true;
            while (inTime && !HasWork(last))
                inTime = Monitor.Wait(_sleep, _idleTimeout);
            Interlocked.Decrement(ref _asleep);
            if (HasWork(last))
                return true;
            _isRunning[number] = false;
            return false;
        }
    }

    private bool HasWork(Job? last) => NewJob(last) is not null || _probe is { HasJoined: false };

    private Job? NewJob(Job? last) => _job is { } job && !ReferenceEquals(job, last) ? job : null;

    private sealed class Job(int count, int threads, Action<int, int> part)
    {
        private readonly int[] _isTaken = new int[count];
        private int _remaining = count;
        private Exception? _failure;

        /// <summary>Runs the parts that no other thread has taken, starting with the thread's own, whose data it wrote in the job
        /// before.</summary>
        public void Work(int thread)
        {
            var own = thread * _isTaken.Length / Math.Min(threads, _isTaken.Length);
            for (var n = 0; n < _isTaken.Length; n++)
            {
                var i = (own + n) % _isTaken.Length;
                if (Interlocked.Exchange(ref _isTaken[i], 1) != 0)
                    continue;
                try
                {
                    part(i, thread);
                }
                catch (Exception failure)
                {
                    _failure = failure;
                }
                Interlocked.Decrement(ref _remaining);
            }
        }

        public void AwaitOthers()
        {
            for (var spin = 0; Volatile.Read(ref _remaining) > 0; spin++)
                if (spin < SpinsBeforeYield)
                    Thread.SpinWait(1);
                else
                    Thread.Yield();
            if (_failure is not null)
                ExceptionDispatchInfo.Throw(_failure);
        }
    }
}
