using LanguageExt;

namespace Makemore;

/// <summary>How a script starts others.</summary>
/// <param name="Run">Runs a script with arguments to its end, in the same terminal, and returns its exit code.</param>
/// <param name="Capture">Runs a script with arguments to its end, and returns what it printed, or that a signal ended it.</param>
internal sealed record ChildScripts(Func<string, string[], int> Run, Func<string, string[], Either<Fault, ChildOutcome>> Capture)
{
    /// <summary>With the host that runs this script.</summary>
    public static ChildScripts OfHost { get; } = new(ChildScript.Run, ChildScript.Capture);

    /// <summary>Those of a script with these arguments.</summary>
    public static ChildScripts Of(IEnumerable<string> arguments) => arguments is StudyArguments own ? own.Children : OfHost;

    /// <summary>Runs a script to its end.</summary>
    /// <returns>The last line of its output, or its error.</returns>
    public Either<Fault, string> LastLine(string script, params string[] arguments) => Capture(script, arguments).Bind(outcome =>
        outcome.ExitCode == 0
            ? (Either<Fault, string>)outcome.Output.TrimEnd().Split('\n')[^1]
            : Fault.Of(outcome.Error.Trim().Split('\n')[0]).In($"{script} ended with exit code {outcome.ExitCode}"));
}

/// <summary>A script's arguments together with its shell and how it starts others, for programs that run scripts in their own
/// process.</summary>
internal sealed class StudyArguments(IEnumerable<string> arguments, Shell shell, ChildScripts children) : ShellArguments(arguments, shell)
{
    /// <summary>How it starts others.</summary>
    public ChildScripts Children => children;
}

/// <summary>What a script printed, and its exit code.</summary>
internal sealed record ChildOutcome(int ExitCode, string Output, string Error);
