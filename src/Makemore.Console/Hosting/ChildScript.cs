using System.Diagnostics;
using System.Reflection;
using LanguageExt;

namespace Makemore;

/// <summary>Starts other scripts with the host that runs this one.</summary>
internal static class ChildScript
{
    private const string Name = "dotnet-script";

    /// <summary>Runs a script to its end in the same terminal.</summary>
    /// <returns>Its exit code.</returns>
    public static int Run(string script, IEnumerable<string> arguments)
    {
        using var child = Process.Start(Start(script, arguments))!;
        child.WaitForExit();
        return child.ExitCode;
    }

    /// <summary>Runs a script to its end, and passes its lines on as they come.</summary>
    /// <returns>Its last line, or its error.</returns>
    public static Either<Fault, string> Capture(string script, IEnumerable<string> arguments, Action<string> onLine)
    {
        var start = Start(script, arguments);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var child = Process.Start(start)!;
        var error = child.StandardError.ReadToEndAsync();
        var last = "";
        while (child.StandardOutput.ReadLine() is { } line)
            onLine(last = line);
        child.WaitForExit();
        return child.ExitCode == 0
            ? last
            : Fault.Of(error.Result.Trim().Split('\n')[0]).In($"{script} ended with exit code {child.ExitCode}");
    }

    /// <summary>The command that starts scripts: <c>dotnet dotnet-script.dll</c> for a local tool, its executable for a global
    /// one, <c>dotnet script</c> if this process is neither.</summary>
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
