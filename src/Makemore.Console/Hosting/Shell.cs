using System.Text;

namespace Makemore;

/// <summary>What a script's program is connected to: its outputs, Ctrl-C, and how it exits. The only place where faults are
/// printed and the program is ended.</summary>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="IsTerminal">Whether a person reads the output as it comes.</param>
/// <param name="Exit">Ends the program with an exit code. It returns nothing that could go on, only what is to be thrown.</param>
internal sealed record Shell(TextWriter Out, TextWriter Error, bool IsTerminal, Func<int, Exception> Exit)
{
    /// <summary>The shell of this process.</summary>
    public static Shell OfProcess()
    {
        Console.OutputEncoding = Encoding.UTF8;
        return new(Console.Out, Console.Error, !Console.IsOutputRedirected, code =>
        {
            Environment.Exit(code);
            return new OperationCanceledException();
        })
        {
            Interrupts = Listen,
        };
    }

    /// <summary>The shell of a script with these arguments.</summary>
    public static Shell Of(IEnumerable<string> arguments) => arguments is ShellArguments hosted ? hosted.Shell : OfProcess();

    /// <summary>Cancels the source on Ctrl-C, until what it returns is disposed of.</summary>
    public Func<CancellationTokenSource, IDisposable> Interrupts { get; init; } = source => source;

    /// <summary>Prints faults, one line each.</summary>
    /// <returns>The exit code of a program that failed.</returns>
    public int Fail(string program, IEnumerable<Fault> faults)
    {
        Out.Flush();
        foreach (var fault in faults)
            Error.WriteLine($"{program}: {Remedies.Line(fault)}");
        return 1;
    }

    /// <summary>Prints faults and ends the program, for the one place that has no exit code to return: a script's first
    /// lines.</summary>
    public Exception Stop(string program, IEnumerable<Fault> faults) => Exit(Fail(program, faults));

    // The first press ends training in good order; a second one ends the program.
    private static Listener Listen(CancellationTokenSource source) => new(source);

    private sealed class Listener : IDisposable
    {
        private readonly CancellationTokenSource _source;

        public Listener(CancellationTokenSource source)
        {
            _source = source;
            Console.CancelKeyPress += Cancel;
        }

        public void Dispose() => Console.CancelKeyPress -= Cancel;

        private void Cancel(object? sender, ConsoleCancelEventArgs key)
        {
            key.Cancel = !_source.IsCancellationRequested;
            _source.Cancel();
        }
    }
}

/// <summary>A script's arguments together with the shell it is to use: how another program runs scripts in its own
/// process.</summary>
internal sealed class ShellArguments(IEnumerable<string> arguments, Shell shell) : List<string>(arguments)
{
    /// <summary>The shell.</summary>
    public Shell Shell => shell;
}
