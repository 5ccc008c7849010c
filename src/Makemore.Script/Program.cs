using System.Diagnostics;

namespace Makemore.Script;

/// <summary>The script host: <c>dotnet script FILE.csx</c>.</summary>
internal static class Program
{
    private static int Main(string[] args) => Command.Parse(args) switch
    {
        Command.Run run => Run(run, Path.GetFullPath(run.Script)),
        Command.Say say => Say(say.Text, say.ExitCode),
        _ => throw new UnreachableException(),
    };

    private static int Run(Command.Run run, string path)
    {
        if (WhyUnreadable(path) is { } reason)
            return Fail($"{run.Script}: {reason}");
        // A pipe, such as /dev/stdin, can be read only once.
        var cache = run.UseCache && !UnixFile.IsSpecial(path) ? ScriptCache.OfUser() : null;
        return (cache?.Find(path) ?? Compile(path, cache)) is { } script ? Run(script, path, run.Arguments) : 1;
    }

    private static CompiledScript? Compile(string path, ScriptCache? cache)
    {
        try
        {
            var (script, errors) = ScriptCompiler.Compile(path);
            if (script is null)
                Fail(string.Join(Environment.NewLine, errors));
            else if (cache?.Keep(script) is { } reason)
                WarnOnce(reason);
            return script;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Fail($"{Paths.Show(path)}: {fault.Message}");
            return null;
        }
    }

    /// <summary>Says that scripts are not cached, unless the script that started this process has said so.</summary>
    private static void WarnOnce(string reason)
    {
        const string Warned = "MAKEMORE_SCRIPT_CACHE_WARNED";
        if (Environment.GetEnvironmentVariable(Warned) is null)
            Console.Error.WriteLine($"warning: scripts are compiled each time, because their cache cannot be written: {reason}");
        Environment.SetEnvironmentVariable(Warned, "1");
    }

    private static int Run(CompiledScript script, string path, string[] arguments)
    {
        // An exception on another thread would end the process with the runtime's own stack trace.
        AppDomain.CurrentDomain.UnhandledException += (_, thrown) =>
            Environment.Exit(Fail(ScriptRunner.Describe(path, (Exception)thrown.ExceptionObject)));
        try
        {
            return ScriptRunner.Run(script, arguments);
        }
        catch (Exception thrown)
        {
            return Fail(ScriptRunner.Describe(path, thrown));
        }
    }

    private static string? WhyUnreadable(string path) =>
        File.Exists(path) ? null
        : Directory.Exists(path) ? "this is a folder; name a script in it"
        : "there is no such script";

    private static int Fail(string text) => Say(text, exitCode: 1);

    private static int Say(string text, int exitCode)
    {
        try
        {
            (exitCode == 0 ? Console.Out : Console.Error).WriteLine(text);
            return exitCode;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return 1; // A stream that is closed or full.
        }
    }
}
