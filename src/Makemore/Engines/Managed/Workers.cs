using System.Diagnostics;

namespace Makemore;

/// <summary>
/// A few threads that share the parts of one job with the caller. Between jobs they watch for the next one for a
/// moment, because a training step has hundreds, then sleep, then end.
/// </summary>
/// <remarks>
/// A machine may have less to give than it has cores: a helper that was sent away in the middle of its part holds the
/// caller up for longer than the whole job is worth. Where that happens the caller works alone for a while, the longer
/// the more often. And two cores may be far from each other: then data take longer on their way from one to the other than most
/// jobs, and where they lie counts more than how much there is to do. A virtual machine's cores move about, so how far they
/// are is looked at again and again; one helper stands for all.
/// Who does a part never shows in its result.
/// </remarks>
/// <param name="threads">The number of threads, the caller's included.</param>
/// <param name="workAlone">How much work at first is not worth calling one, in operations on vectors.</param>
/// <param name="measure">How the distance of a helper that has come is measured, in nanoseconds there and back; by their rally
/// where nothing else is given.</param>
/// <param name="patience">How long a helper sleeps before it ends; 2 s where nothing else is given.</param>
internal sealed class Workers(
    int threads, long workAlone = 0, Func<Rally, double?>? measure = null, TimeSpan? patience = null)
{
    // Below so many operations on vectors a thread does not earn back what it costs to call it, or, where cores are far from each
    // other, what it costs to send it data.
    private const long Worth = 2048, WorthSending = 64 * Worth;

    // What comes between two jobs of a step, and how long a helper's part is awaited before the core is offered to others: in
    // the runtime's units of spinning, of which a microsecond has some thirty.
    private const int Spins = 20_000, SpinsForOthers = 2_000;
    private static readonly TimeSpan TooLong = TimeSpan.FromMicroseconds(100);
    private static readonly TimeSpan LooksApart = TimeSpan.FromMilliseconds(50);
    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(2);
    private readonly Lock _caller = new();
    private readonly object _sleep = new();
    private volatile Job? _job;
    private readonly bool[] _isRunning = new bool[threads];
    private int _asleep;
    private long _workAlone = workAlone;
    private int _jobsAlone;
    private int _penalty;
    private volatile Rally? _rally;
    private long _looked;
    private bool _isFar;

    /// <summary>The number of threads, the caller's included.</summary>
    public int Threads { get; } = threads;

    /// <summary>How many helpers sleep.</summary>
    public int Asleep => Volatile.Read(ref _asleep);

    /// <summary>How many threads are worth calling for a job of so many operations on vectors.</summary>
    /// <param name="work">The operations.</param>
    /// <param name="isSpread">Whether each thread has its part's data already.</param>
    public int ThreadsFor(long work, bool isSpread = false)
    {
        if (Threads == 1 || work < 2 * Worth)
            return 1;
        // Two callers may take from it at once: it need not be exact.
        if (_workAlone > 0 && (_workAlone -= work) > 0)
            return 1;
        if (_rally is { HasCome: true } || Stopwatch.GetElapsedTime(_looked) > LooksApart)
            Look();
        return (int)Math.Clamp(work / (_isFar && !isSpread ? WorthSending : Worth), 1, Threads);
    }

    /// <summary>Asks a helper to come, without waiting, or looks how far away the one is that came.</summary>
    private void Look()
    {
        if (!_caller.TryEnter())
            return;
        try
        {
            _looked = Stopwatch.GetTimestamp();
            if (_rally is not { HasCome: true })
            {
                _rally = new();
                WakeOrStart(1);
                return;
            }
            if ((measure ?? (rally => rally.Serve()))(_rally) is { } roundTrip)
                _isFar = !Rally.IsNearby(roundTrip);
            _rally = null;
        }
        finally
        {
            _caller.Exit();
        }
    }

    /// <summary>Does parts 0 … count − 1, and returns when all are done. A caller that finds the workers busy does its
    /// parts alone.</summary>
    public void Run(int count, Action<int> part)
    {
        if (Threads == 1 || count <= 1 || _jobsAlone-- > 0 || !_caller.TryEnter())
        {
            for (var i = 0; i < count; i++)
                part(i);
            return;
        }
        try
        {
            var job = new Job(count, part);
            _job = job;
            var helpers = Math.Min(Threads, count) - 1;
            // The job must be seen by a helper that is about to sleep, or its sleep here.
            Interlocked.MemoryBarrier();
            if (Asleep > 0 || Array.IndexOf(_isRunning, false, 1, helpers) > 0)
                WakeOrStart(helpers);
            var start = Stopwatch.GetTimestamp();
            job.Help(0);
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
            for (var i = 1; i <= helpers; i++)
            {
                if (_isRunning[i])
                    continue;
                var number = i;
                new Thread(() => Work(number)) { IsBackground = true, Name = "Makemore worker" }.Start();
                _isRunning[i] = true;
            }
            Monitor.PulseAll(_sleep);
        }
    }

    private void Work(int number)
    {
        Job? last = null;
        while (AwaitCall(number, last))
        {
            if (Newer(last) is { } job)
            {
                job.Help(number);
                last = job;
            }
            _rally?.Return();
        }
    }

    /// <summary>Waits for the next job or rally; false when there was none for a while, and the thread should end.</summary>
    private bool AwaitCall(int number, Job? last)
    {
        for (var spin = 0; spin < Spins; spin++)
        {
            if (IsCalled(last))
                return true;
            Thread.SpinWait(1);
        }
        lock (_sleep)
        {
            Interlocked.Increment(ref _asleep);
            var inTime = true;
            while (inTime && !IsCalled(last))
                inTime = Monitor.Wait(_sleep, _patience);
            Interlocked.Decrement(ref _asleep);
            if (IsCalled(last))
                return true;
            _isRunning[number] = false;
            return false;
        }
    }

    private bool IsCalled(Job? last) => Newer(last) is not null || _rally is { HasCome: false };

    private Job? Newer(Job? last) => _job is { } job && !ReferenceEquals(job, last) ? job : null;

    private sealed class Job(int count, Action<int> part)
    {
        private readonly int[] _taken = new int[count];
        private int _left = count;
        private Exception? _failure;

        /// <summary>Does what nobody has begun, a thread's own part first: in the next job it finds there what it has
        /// written in this one.</summary>
        public void Help(int own)
        {
            for (var n = 0; n < _taken.Length; n++)
            {
                var i = (own + n) % _taken.Length;
                if (Interlocked.Exchange(ref _taken[i], 1) != 0)
                    continue;
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
            for (var spin = 0; Volatile.Read(ref _left) > 0; spin++)
                if (spin < SpinsForOthers)
                    Thread.SpinWait(1);
                else
                    Thread.Yield();
            if (_failure is not null)
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
        }
    }
}
