using System.Collections.Concurrent;
using Makemore.Tests.Scripts;

namespace Makemore.Tests;

/// <summary>The reports of short runs, each run only once.</summary>
internal static class ReportFiles
{
    /// <summary>The script that compares runs.</summary>
    public const string Comparison = "compare";

    private static readonly ConcurrentDictionary<string, Lazy<string>> Known = new();

    /// <summary>The report.html of a run of a script.</summary>
    public static string Of(string script) => Known.GetOrAdd(script, _ => new(() => Make(script))).Value;

    private static string Make(string script) =>
        script == Comparison ? Compared()
        : ScriptFile.Of(script).IsCounted ? Counted(script)
        : File.ReadAllText(ScriptRun.Run(script, "--diagnose", "--max-steps", $"{ScriptRun.Steps}").Saved("report.html"));

    private static string Compared() => After(
        Comparison, $"runs/{Guid.NewGuid():N}", ScriptRun.Of("mlp").WorkDir, ScriptRun.Of("gru").WorkDir, "--samples", "50");

    private static string Counted(string script) =>
        After(script, $"runs/{Guid.NewGuid():N}", "-i", "names.txt", "--report-samples", "200");

    private static string After(string script, string workDir, params string[] arguments)
    {
        string[] all = [.. arguments, "-o", workDir];
        var outcome = InProcess.Run(ScriptFile.PathOf(script), ScriptProcess.Folder, all).Outcome;
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return File.ReadAllText(ScriptProcess.At(workDir, "report.html"));
    }
}
