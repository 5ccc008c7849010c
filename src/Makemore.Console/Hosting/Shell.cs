using System.Globalization;
using System.Text;

namespace Makemore;

/// <summary>The environment of a script: its output, Ctrl-C, and how it exits. The only place where faults are printed and the
/// program exits.</summary>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="IsTerminal">Whether standard output is a terminal.</param>
/// <param name="Exit">Ends the program with an exit code; returns an exception to throw if it cannot.</param>
internal sealed record Shell(TextWriter Out, TextWriter Error, bool IsTerminal, Func<int, Exception> Exit)
{
    /// <summary>The shell of this process.</summary>
    public static Shell OfProcess()
    {
        Console.OutputEncoding = Encoding.UTF8;
        // Output does not depend on the language of the system.
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        // Nobody can be told that standard error fails.
        var error = new StandardWriter(() => Console.Error, _ => { });
        var output = new StandardWriter(() => Console.Out, reason =>
        {
            error.WriteLine($"makemore: standard output cannot be written: {reason}");
            Exit(1);
        });
        return new(output, error, !Console.IsOutputRedirected, Exit)
        {
            Interrupts = Listen,
        };

        static Exception Exit(int code)
        {
            Environment.Exit(code);
            return new OperationCanceledException();
        }
    }

    /// <summary>The shell of a script with these arguments.</summary>
    public static Shell Of(IEnumerable<string> arguments) => arguments is ShellArguments own ? own.Shell : OfProcess();

    /// <summary>Cancels the source on Ctrl-C, until the returned object is disposed.</summary>
    public Func<CancellationTokenSource, IDisposable> Interrupts { get; init; } = source => source;

    /// <summary>Prints faults, one line each.</summary>
    /// <returns>The exit code for failure.</returns>
    public int Fail(string program, IEnumerable<Fault> faults)
    {
        Out.Flush();
        foreach (var fault in faults)
            Error.WriteLine($"{program}: {Remedies.Line(fault)}");
        return 1;
    }

    /// <summary>Prints faults and ends the program, where there is no exit code to return: in the first lines of a
    /// script.</summary>
    public Exception Stop(string program, IEnumerable<Fault> faults) => Exit(Fail(program, faults));

    // The first press stops training cleanly; the second ends the program.
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

/// <summary>A script's arguments together with its shell, for programs that run scripts in their own process.</summary>
internal sealed class ShellArguments(IEnumerable<string> arguments, Shell shell) : List<string>(arguments)
{
    /// <summary>The shell.</summary>
    public Shell Shell => shell;
}
