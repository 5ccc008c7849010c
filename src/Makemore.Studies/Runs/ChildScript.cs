using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using LanguageExt;

namespace Makemore;

/// <summary>Starts other scripts with the host that runs this one. A signal that ends this one ends them too.</summary>
internal static class ChildScript
{
    private const string Name = "dotnet-script";

    /// <summary>Runs a script to its end in the same terminal.</summary>
    /// <returns>Its exit code.</returns>
    public static int Run(string script, IEnumerable<string> arguments)
    {
        using var interruption = Interruption.OfProcess();
        using var child = Process.Start(Start(script, arguments))!;
        using var ending = interruption.Token.Register(() => End(child, interruption.Signal));
        child.WaitForExit();
        return child.ExitCode;
    }

    /// <summary>Runs a script to its end.</summary>
    /// <returns>What it printed, or that a signal ended it.</returns>
    public static Either<Fault, ChildOutcome> Capture(string script, IEnumerable<string> arguments)
    {
        var start = Start(script, arguments);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var interruption = Interruption.OfProcess();
        using var child = Process.Start(start)!;
        using var ending = interruption.Token.Register(() => End(child, interruption.Signal));
        var error = child.StandardError.ReadToEndAsync();
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return interruption.ExitCode is > 0 and var code
            ? new Fault.Interrupted(code)
            : new ChildOutcome(child.ExitCode, output, error.Result);
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

    /// <summary>Passes a signal on to a child, which has had Ctrl-C from the terminal already.</summary>
    private static void End(Process child, int signal)
    {
        if (signal == Interruption.CtrlC || child.HasExited)
            return;
        if (OperatingSystem.IsWindows())
            child.Kill(entireProcessTree: true);
        else
            _ = Kill(child.Id, signal);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    private static ProcessStartInfo Start(string script, IEnumerable<string> arguments) =>
        new(Command[0], [.. Command[1..], "-c", "release", script, "--", .. arguments]);
}
