namespace Makemore.Tests.Scripts;

/// <summary>Runs scripts in this process, with the arguments, output and exit code that they have under the script host. So do the
/// scripts that they start.</summary>
internal static class InProcess
{
    // Options that name files, which are relative to another folder than this process' working directory.
    private static readonly string[] FileOptions =
        ["-i", "--input-file", "-o", "--work-dir", "--evaluate", "--export", "--against", "--text", "--prompt-file", "--from"];

    // Scripts whose first arguments are folders.
    private static readonly string[] WithOperands = ["compare", "sample", "watch", "lens", "record"];

    /// <summary>Runs a script to its end.</summary>
    /// <param name="path">The script's full path.</param>
    /// <param name="folder">The folder that its arguments are relative to.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="children">How it starts others; by default in this process.</param>
    /// <param name="interrupt">Ctrl-C.</param>
    /// <returns>The object whose fields are the script's variables, null if it exited early, and the outcome; paths in the
    /// output are relative to the folder.</returns>
    public static (object? Variables, Script.Outcome Outcome) Run(
        string path, string folder, IEnumerable<string> arguments, ChildScripts? children = null, CancellationToken interrupt = default)
    {
        var (output, error) = (Writer(), Writer());
        var (variables, exitCode) = Run(path, Absolute(path, folder, [.. arguments]), output, error, children ?? Children(output, error), interrupt);
        return (variables, new(exitCode, Text(output), Text(error)));

        string Text(StringWriter writer) =>
            writer.ToString().Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).TrimEnd('\n');
    }

    /// <summary>Runs a script until it prints a certain line, where an exception ends it. Unlike after a kill, locks are released and
    /// temporary files are deleted.</summary>
    public static void BreakOff(string path, string folder, IEnumerable<string> arguments, Func<string, bool> isLine)
    {
        var output = new BreakingWriter(isLine) { NewLine = "\n" };
        Assert.Throws<BrokenOffException>(() => Run(path, Absolute(path, folder, [.. arguments]), output, output, null, default));
    }

    /// <summary>Runs a script to its end that another one has started.</summary>
    public static ChildOutcome Capture(string script, string[] arguments)
    {
        var (output, error) = (Writer(), Writer());
        return new(Start(script, arguments, output, error), $"{output}", $"{error}");
    }

    private static (object? Variables, int ExitCode) Run(
        string path, IEnumerable<string> arguments, TextWriter output, TextWriter error, ChildScripts? children, CancellationToken interrupt)
    {
        var shell = new Shell(output, error, IsTerminal: false, code => new ExitException(code))
        {
            Interrupts = () => Interruption.On(interrupt),
        };
        try
        {
            return ScriptAssembly.Run(path, new StudyArguments(arguments, shell, children ?? ChildScripts.OfHost));
        }
        catch (ExitException exit)
        {
            return (null, exit.Code);
        }
    }

    private static ChildScripts Children(TextWriter output, TextWriter error) =>
        new((script, arguments) => Start(script, arguments, output, error), (script, arguments) => Capture(script, arguments));

    private static int Start(string script, string[] arguments, TextWriter output, TextWriter error) =>
        Run(Path.GetFullPath(script), arguments, output, error, Children(output, error), default).ExitCode;

    private static IEnumerable<string> Absolute(string path, string folder, string[] arguments)
    {
        var operands = WithOperands.Contains(Path.GetFileNameWithoutExtension(path)) ? arguments.TakeWhile(argument => argument is not ['-', ..]).Count() : 0;
        return arguments.Select((argument, i) =>
            i < operands || (i > 0 && FileOptions.Contains(arguments[i - 1])) ? Path.Combine(folder, argument) : argument);
    }

    private static StringWriter Writer() => new() { NewLine = "\n" };

    private sealed class ExitException(int code) : Exception
    {
        public int Code => code;
    }

    private sealed class BrokenOffException : Exception;

    private sealed class BreakingWriter(Func<string, bool> isLine) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            if (isLine(value ?? ""))
                throw new BrokenOffException();
        }
    }
}
