using System.Runtime.InteropServices;

namespace Makemore;

/// <summary>What asks the program to end: Ctrl-C, a terminal that closes (SIGHUP), or another program (SIGTERM). While it is not
/// disposed of, these do not end the program; only a second Ctrl-C does.</summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>The number of the signal that Ctrl-C sends, in POSIX.</summary>
    public const int CtrlC = 2;

    private const int CodeOfSignals = 128;

    private static readonly (PosixSignal Signal, int Number)[] Signals =
        [(PosixSignal.SIGHUP, 1), (PosixSignal.SIGINT, CtrlC), (PosixSignal.SIGTERM, 15)];

    private readonly CancellationTokenSource _source = new();
    private readonly List<IDisposable> _registrations = [];

    /// <summary>Canceled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The first signal's number; 0 if there was none.</summary>
    public int Signal { get; private set; }

    /// <summary>The exit code by which a shell knows that a signal ended the program, 128 plus its number; 0 if there was
    /// none.</summary>
    public int ExitCode => Signal == 0 ? 0 : CodeOfSignals + Signal;

    /// <summary>Listens to the signals of this process.</summary>
    public static Interruption OfProcess()
    {
        var interruption = new Interruption();
        foreach (var (signal, number) in Signals)
            interruption._registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = signal != PosixSignal.SIGINT || interruption.Signal == 0;
                interruption.Request(number);
            }));
        return interruption;
    }

    /// <summary>One that a token requests, as if Ctrl-C had been pressed.</summary>
    public static Interruption On(CancellationToken token)
    {
        var interruption = new Interruption();
        interruption._registrations.Add(token.Register(() => interruption.Request(CtrlC)));
        return interruption;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void Request(int number)
    {
        if (Signal != 0)
            return;
        Signal = number;
        _source.Cancel();
    }
}
