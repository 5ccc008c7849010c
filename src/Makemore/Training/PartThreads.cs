using System.Runtime.ExceptionServices;

namespace Makemore;

/// <summary>A thread for each part of a batch that this process has. At most a number of them compute at a time; one that waits for
/// the others lets another compute.</summary>
internal sealed class PartThreads
{
    private readonly int _count;
    private readonly SemaphoreSlim _turns;
    private readonly Barrier _starts, _ends, _meeting;
    private readonly CancellationTokenSource _failure;
    private readonly float[][] _sums;
    private Action<int> _body = _ => { };
    private Exception? _exception;

    /// <summary>Starts threads for all parts but the first, whose thread is the caller's.</summary>
    public PartThreads(int count, int threads)
    {
        (_count, _turns, _failure) = (count, new(threads), new());
        (_starts, _ends, _meeting, _sums) = (new(count), new(count), new(count), new float[count][]);
        for (var part = 1; part < count; part++)
            new Thread(own => Loop((int)own!)) { IsBackground = true }.Start(part);
    }

    /// <summary>Runs the body for every part.</summary>
    public void Run(Action<int> body)
    {
        _body = body;
        if (_count > 1)
            _starts.SignalAndWait();
        RunOne(0);
        if (_count > 1)
            _ends.SignalAndWait();
        if (_exception is { } exception)
            ExceptionDispatchInfo.Throw(exception);
    }

    /// <summary>Adds sums over all parts of all ranks, in the middle of the body. Every part calls it.</summary>
    public void Sum(int part, IRanks ranks, Span<float> sums)
    {
        _sums[part] = sums.ToArray();
        Meet();
        if (part == 0)
        {
            PartSums.Add(_sums);
            PartSums.Add(ranks, _sums[0]);
        }
        Meet();
        _sums[0].CopyTo(sums);
        Meet();
    }

    private void Meet()
    {
        if (_count == 1)
            return;
        _turns.Release();
        _meeting.SignalAndWait(_failure.Token);
        _turns.Wait(_failure.Token);
    }

    private void Loop(int part)
    {
        while (true)
        {
            _starts.SignalAndWait();
            RunOne(part);
            _ends.SignalAndWait();
        }
    }

    private void RunOne(int part)
    {
        _turns.Wait();
        try
        {
            _body(part);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _exception, e, null);
            _failure.Cancel();
        }
        finally
        {
            _turns.Release();
        }
    }
}
