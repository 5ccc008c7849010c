using System.Diagnostics;

namespace Makemore.Tests.Script;

/// <summary>What a script printed, and its exit code.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Error);

/// <summary>Runs the script host as a process.</summary>
internal static class HostProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The root of the working tree.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The script host, built in the same configuration as the tests.</summary>
    public static string Path { get; } = System.IO.Path.Combine(
        Repository, "artifacts", "bin", "Makemore.Script",
        System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
        "dotnet-script.dll");

    /// <summary>Runs the host until it exits.</summary>
    /// <param name="folder">The working directory.</param>
    /// <param name="cache">The folder for compiled scripts.</param>
    /// <param name="arguments">The host's arguments: a script, then the script's own.</param>
    /// <param name="environment">Environment variables to add.</param>
    public static Outcome Run(
        string folder, string cache, IEnumerable<string> arguments, params (string Name, string Value)[] environment) =>
        Run("dotnet", folder, cache, [Path, .. arguments], environment);

    /// <summary>Runs a program that runs the host until it exits.</summary>
    public static Outcome Run(
        string program, string folder, string cache, IEnumerable<string> arguments,
        params (string Name, string Value)[] environment)
    {
        using var process = Start(program, folder, cache, arguments, environment);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{string.Join(' ', arguments)} did not exit within {Patience}.");
        }
        return new(process.ExitCode, WithPlainLines(output.Result), WithPlainLines(error.Result));
    }

    /// <summary>Starts the host, and sends it a signal after it has printed a certain line.</summary>
    /// <returns>Its outcome; the output is what came after the line.</returns>
    public static Outcome Signal(
        string folder, string cache, IEnumerable<string> arguments, Func<string, bool> isLine, string signal) =>
        Signal("dotnet", folder, cache, [Path, .. arguments], isLine, process => process.Id, signal);

    /// <summary>Starts a program that runs the host, and sends a signal to one of its processes.</summary>
    public static Outcome Signal(
        string program, string folder, string cache, IEnumerable<string> arguments, Func<string, bool> isLine,
        Func<Process, int> receiver, string signal, params (string Name, string Value)[] environment)
    {
        using var process = Start(program, folder, cache, arguments, environment);
        var error = process.StandardError.ReadToEndAsync();
        while (process.StandardOutput.ReadLine() is { } line && !isLine(line))
            continue;
        using (var kill = Process.Start("kill", ["-s", signal, $"{receiver(process)}"]))
            kill.WaitForExit();
        var output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(Patience));
        return new(process.ExitCode, WithPlainLines(output), WithPlainLines(error.Result));
    }

    /// <summary>Starts the host and kills it (SIGKILL) some time after it has printed a certain line.</summary>
    /// <param name="folder">The working directory.</param>
    /// <param name="cache">The folder for compiled scripts.</param>
    /// <param name="arguments">The host's arguments: a script, then the script's own.</param>
    /// <param name="isLine">Recognizes the line.</param>
    /// <param name="wait">The time from the line to the kill.</param>
    /// <returns>Whether it was killed; false if it exited before that.</returns>
    public static bool Kill(
        string folder, string cache, IEnumerable<string> arguments, Func<string, bool> isLine, TimeSpan wait)
    {
        using var process = Start("dotnet", folder, cache, [Path, .. arguments], []);
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            while (process.StandardOutput.ReadLine() is { } line)
                if (isLine(line))
                {
                    Thread.Sleep(wait);
                    process.Kill();
                    break;
                }
        }
        catch
        {
            process.Kill();
            throw;
        }
        Assert.True(process.WaitForExit(Patience));
        Assert.Equal("", error.Result);
        return process.ExitCode != 0;
    }

    private static Process Start(
        string program, string folder, string cache, IEnumerable<string> arguments,
        IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["XDG_CACHE_HOME"] = cache },
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "global.json")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("No folder above has a global.json.");
        return folder.FullName;
    }

    private static string WithPlainLines(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n');
}
