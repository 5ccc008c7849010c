using System.Collections.Concurrent;
using Makemore.Tests.Scripts;

namespace Makemore.Tests;

/// <summary>The reports of short runs; each run is made once.</summary>
internal static class ReportFiles
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> Known = new();

    /// <summary>The text of report.html after a run of a script.</summary>
    public static string Of(string script) => Known.GetOrAdd(script, _ => new(() => Make(script))).Value;

    private static string Make(string script) => ScriptFile.Of(script).IsCounted
        ? Counted(script)
        : File.ReadAllText(ScriptRun.Run(script, [], "--diagnose", "--max-steps", $"{ScriptRun.Steps}").Saved("report.html"));

    private static string Counted(string script)
    {
        var workDir = $"runs/{Guid.NewGuid():N}";
        Assert.Equal(0, ScriptProcess.Run(script, "-i", "names.txt", "-o", workDir).ExitCode);
        return File.ReadAllText(ScriptProcess.At(workDir, "report.html"));
    }
}
