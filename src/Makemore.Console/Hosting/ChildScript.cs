using System.Diagnostics;
using System.Reflection;
using LanguageExt;

namespace Makemore;

/// <summary>Other scripts, started through the same host that runs this one.</summary>
internal static class ChildScript
{
    private const string Name = "dotnet-script";

    /// <summary>Runs a script to its end, with the terminal to itself.</summary>
    /// <returns>Its exit code.</returns>
    public static int Run(string script, IEnumerable<string> arguments)
    {
        using var child = Process.Start(Start(script, arguments))!;
        child.WaitForExit();
        return child.ExitCode;
    }

    /// <summary>Runs a script to its end, and hears its lines as they come.</summary>
    /// <returns>Its last line, or what it said was wrong.</returns>
    public static Either<Fault, string> Listen(string script, IEnumerable<string> arguments, Action<string> hear)
    {
        var start = Start(script, arguments);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var child = Process.Start(start)!;
        var error = child.StandardError.ReadToEndAsync();
        var last = "";
        while (child.StandardOutput.ReadLine() is { } line)
            hear(last = line);
        child.WaitForExit();
        return child.ExitCode == 0
            ? last
            : Fault.Of($"{script} ended with exit code {child.ExitCode}: {error.Result.Trim().Split('\n')[0]}");
    }

    /// <summary>The command line of this process up to its script: <c>dotnet dotnet-script.dll</c> of a local tool, the
    /// program of a global one. Where this process is none of them, whatever <c>dotnet script</c> is.</summary>
    private static string[] Command
    {
        get
        {
            var (program, library) = (Environment.ProcessPath ?? "dotnet", Assembly.GetEntryAssembly()?.Location ?? "");
            return Path.GetFileNameWithoutExtension(library) != Name ? ["dotnet", "script"]
                : Path.GetFileNameWithoutExtension(program) == Name ? [program]
                : [program, library];
        }
    }

    private static ProcessStartInfo Start(string script, IEnumerable<string> arguments) =>
        new(Command[0], [.. Command[1..], "-c", "release", script, "--", .. arguments]);
}
