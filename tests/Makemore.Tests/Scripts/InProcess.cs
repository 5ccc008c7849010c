namespace Makemore.Tests.Scripts;

/// <summary>Runs scripts in this process, with the arguments, output and exit code that they have under the script host.</summary>
internal static class InProcess
{
    // Options that name files, which are relative to another folder than this process' working directory.
    private static readonly string[] FileOptions = ["-i", "--input-file", "-o", "--work-dir", "--evaluate"];

    /// <summary>Runs a script to its end.</summary>
    /// <param name="path">The script's full path.</param>
    /// <param name="folder">The folder that its arguments are relative to.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="interrupt">Ctrl-C.</param>
    /// <returns>The object whose fields are the script's variables, null if it exited early, and the outcome; paths in the
    /// output are relative to the folder.</returns>
    public static (object? Variables, Script.Outcome Outcome) Run(
        string path, string folder, IEnumerable<string> arguments, CancellationToken interrupt = default)
    {
        var (output, error) = (Writer(), Writer());
        var shell = new Shell(output, error, IsTerminal: false, code => new ExitException(code))
        {
            Interrupts = () => Interruption.On(interrupt),
        };
        try
        {
            var (variables, exitCode) = ScriptAssembly.Run(path, new(Absolute(folder, [.. arguments]), shell));
            return (variables, Outcome(exitCode));
        }
        catch (ExitException exit)
        {
            return (null, Outcome(exit.Code));
        }

        Script.Outcome Outcome(int exitCode) => new(exitCode, Text(output), Text(error));

        string Text(StringWriter writer) =>
            writer.ToString().Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).TrimEnd('\n');
    }

    private static IEnumerable<string> Absolute(string folder, string[] arguments) => arguments.Select((argument, i) =>
        i > 0 && FileOptions.Contains(arguments[i - 1]) ? Path.Combine(folder, argument) : argument);

    private static StringWriter Writer() => new() { NewLine = "\n" };

    private sealed class ExitException(int code) : Exception
    {
        public int Code => code;
    }
}
