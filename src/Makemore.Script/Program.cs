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
        var (script, errors) = Prepare(path, run.UseCache);
        return script is null ? Fail(string.Join(Environment.NewLine, errors)) : Run(script, path, run.Arguments);
    }

    private static (CompiledScript? Script, string[] Errors) Prepare(string path, bool useCache)
    {
        var cache = ScriptCache.OfUser();
        if (useCache && cache.Find(path) is { } kept)
            return (kept, []);
        try
        {
            var compiled = ScriptCompiler.Compile(path);
            if (useCache && compiled.Script is { } script)
                cache.Keep(script);
            return compiled;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return (null, [$"{Paths.Show(path)}: {fault.Message}"]);
        }
    }

    private static int Run(CompiledScript script, string path, string[] arguments)
    {
        // An exception on a thread of the script's own would end the process with the runtime's trace.
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
        (exitCode == 0 ? Console.Out : Console.Error).WriteLine(text);
        return exitCode;
    }
}
