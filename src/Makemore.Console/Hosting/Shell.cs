using System.CommandLine;
using System.Globalization;
using System.Text;
using LanguageExt;

namespace Makemore;

/// <summary>The environment of a script: its output, signals, and how it exits. The only place where faults are printed and the
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
        // When a terminal is closed, nobody watches, and the signal that comes with it ends the program.
        if (!Console.IsOutputRedirected && Console.Out is var terminal)
            Console.SetOut(new StandardWriter(() => terminal, _ => { }));
        // Nobody can be told that standard error fails.
        var error = new StandardWriter(() => Console.Error, _ => { });
        var output = new StandardWriter(() => Console.Out, reason =>
        {
            error.WriteLine($"makemore: standard output cannot be written: {reason}");
            Exit(1);
        });
        return new(output, error, !Console.IsOutputRedirected, Exit)
        {
            Interrupts = Interruption.OfProcess,
        };

        static Exception Exit(int code)
        {
            Environment.Exit(code);
            return new OperationCanceledException();
        }
    }

    /// <summary>The shell of a script with these arguments.</summary>
    public static Shell Of(IEnumerable<string> arguments) => arguments is ShellArguments own ? own.Shell : OfProcess();

    /// <summary>Listens to Ctrl-C and other signals, until what it returns is disposed of.</summary>
    public Func<Interruption> Interrupts { get; init; } = () => Interruption.On(CancellationToken.None);

    /// <summary>The processes that train one model together; by default this one alone.</summary>
    public IRanks Ranks { get; init; } = Makemore.Ranks.One;

    /// <summary>Ends the program unless all ranks agree on what they train.</summary>
    public Action<RankFacts> Agree { get; init; } = _ => { };

    /// <summary>The faults that this rank prints.</summary>
    public Func<Fault[], Fault[]> Failing { get; init; } = faults => faults;

    /// <summary>Called after they are printed.</summary>
    public Action<Fault[]> Failed { get; init; } = _ => { };

    /// <summary>Called when the work is done.</summary>
    public Action Ended { get; init; } = () => { };

    /// <summary>Parses a script's arguments. Errors are printed on one line each, and the program ends with code 1; <c>--help</c> ends
    /// it with 0.</summary>
    public CommandLine Parse(string program, string script, string description, Option[] options, IEnumerable<string> arguments)
    {
        var line = CommandLine
            .Parse(Path.GetFileName(script), description, options.SelectMany(option => option.Entries), arguments)
            .Match(parsed => parsed, faults => throw Stop(program, faults));
        if (line.Help is not { } help)
            return line;
        throw Exit(Show(help));
    }

    /// <summary>Parses a program's arguments and does its work; or prints its help, or its faults.</summary>
    /// <param name="program">The name of the program, for messages.</param>
    /// <param name="script">The path of its script.</param>
    /// <param name="description">The description for --help.</param>
    /// <param name="entries">The options.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="operands">The positional arguments that it accepts, if any.</param>
    /// <param name="work">Does the work.</param>
    /// <returns>The exit code.</returns>
    public int Run(
        string program, string script, string description, IEnumerable<OptionEntry> entries, IEnumerable<string> arguments,
        Argument<string[]>? operands, Func<CommandLine, Either<Fault, int>> work) =>
        CommandLine.Parse(Path.GetFileName(script), description, entries, arguments, operands).Match(
            line => Run(program, () => line.Help is { } help ? Show(help) : work(line)), faults => Fail(program, faults));

    private int Show(string help)
    {
        Out.Write(help);
        return 0;
    }

    /// <summary>Does the work of a program, and prints its fault, if any.</summary>
    /// <returns>The exit code.</returns>
    public int Run(string program, Func<Either<Fault, int>> work) => Try(work).Match(
        code =>
        {
            Ended();
            return code;
        },
        fault => Fail(program, [fault]));

    /// <summary>Does some work. A device, or a words file that is read meanwhile, may fail at any time, which is a fault too.</summary>
    public static Either<Fault, T> Try<T>(Func<Either<Fault, T>> work)
    {
        try
        {
            return work();
        }
        catch (FaultException e)
        {
            return e.Fault;
        }
        catch (Exception e) when (e is IOException or EngineException)
        {
            return Fault.Of(e.Message);
        }
        catch (OutOfMemoryException)
        {
            return Fault.Of("out of memory; lower the sizes of the model, or the number of words or samples");
        }
    }

    /// <summary>Prints faults, one line each.</summary>
    /// <returns>The exit code for failure.</returns>
    public int Fail(string program, IEnumerable<Fault> faults)
    {
        Out.Flush();
        Fault[] all = [.. faults];
        foreach (var fault in Failing(all))
            Error.WriteLine(Visible.Line($"{program}: {Remedies.Line(fault)}"));
        Failed(all);
        return all.OfType<Fault.Interrupted>().Select(interrupted => interrupted.ExitCode).LastOrDefault(1);
    }

    /// <summary>Prints faults and ends the program, where there is no exit code to return: in the first lines of a
    /// script.</summary>
    public Exception Stop(string program, IEnumerable<Fault> faults) => Exit(Fail(program, faults));
}

/// <summary>A script's arguments together with its shell, for programs that run scripts in their own process.</summary>
internal class ShellArguments(IEnumerable<string> arguments, Shell shell) : List<string>(arguments)
{
    /// <summary>The shell.</summary>
    public Shell Shell => shell;
}
