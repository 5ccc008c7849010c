using System.ComponentModel;
using System.Diagnostics;

namespace Makemore.Script;

/// <summary>The script host: <c>dotnet script FILE.csx</c>.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        RuntimeCompiler.Anticipate();
        return Command.Parse(args) switch
        {
            Command.Run run => OnFile(run.Script, path => Run(run, path, ScriptCache.OfUser())),
            Command.Record record => OnFile(record.Script.Script, path => Record(record, path, ScriptCache.OfUser())),
            Command.Compile compile => OnFile(compile.Script, path => Compile(path, ScriptCache.OfUser()) is null ? 1 : 0),
            Command.Say say => Say(say.Text, say.ExitCode),
            _ => throw new UnreachableException(),
        };
    }

    private static int OnFile(string script, Func<string, int> act) =>
        WhyUnreadable(Path.GetFullPath(script)) is { } reason ? Fail($"{script}: {reason}") : act(Path.GetFullPath(script));

    private static int Run(Command.Run run, string path, ScriptCache cache)
    {
        if (!run.UseCache)
            return CompileAndRun(cache: null);
        if (cache.Find(path) is { } kept)
            return Run(kept, path, run.Arguments, () => cache.Anticipate(kept, run.Arguments));
        return CompileElsewhere(path) switch
        {
            0 when cache.Find(path) is { } made => Run(made, path, run.Arguments, () => cache.Anticipate(made, run.Arguments)),
            1 => 1,
            _ => CompileAndRun(cache),
        };

        int CompileAndRun(ScriptCache? cache) =>
            Compile(path, cache) is { } script ? Run(script, path, run.Arguments, () => null) : 1;
    }

    private static int Record(Command.Record record, string path, ScriptCache cache)
    {
        if (!CompiledMethods.CanBeKnown)
            return Fail("--record: this host is configured without event tracing");
        using var compiled = new CompiledMethods();
        var exitCode = Run(record.Script, path, cache);
        try
        {
            MethodProfile.Write(record.Profile, compiled.All());
            return exitCode;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or TimeoutException)
        {
            return Fail($"{record.Profile}: {fault.Message}");
        }
    }

    // A process with the compiler in it is larger, and what it ran of the compiler would be anticipated at later starts.
    private static int CompileElsewhere(string path)
    {
        try
        {
            using var compiler = Process.Start(Environment.ProcessPath!, [typeof(Program).Assembly.Location, "--compile", path]);
            compiler.WaitForExit();
            return compiler.ExitCode;
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException)
        {
            return -1;
        }
    }

    private static CompiledScript? Compile(string path, ScriptCache? cache)
    {
        try
        {
            var (script, errors) = ScriptCompiler.Compile(path);
            if (script is null)
                Fail(string.Join(Environment.NewLine, errors));
            else
                cache?.Keep(script);
            return script;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Fail($"{Paths.Show(path)}: {fault.Message}");
            return null;
        }
    }

    private static int Run(CompiledScript script, string path, string[] arguments, Func<IDisposable?> anticipate)
    {
        // An exception on a thread of the script's own would end the process with the runtime's trace.
        AppDomain.CurrentDomain.UnhandledException += (_, thrown) =>
            Environment.Exit(Fail(ScriptRunner.Describe(path, (Exception)thrown.ExceptionObject)));
        try
        {
            return ScriptRunner.Run(script, arguments, anticipate);
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
