using System.Globalization;
using System.Text.RegularExpressions;
using Makemore.Tests.Scripts;

namespace Makemore.Tests;

/// <summary>Every script on another engine, run as a person runs it.</summary>
public sealed partial class ScriptConformanceTests
{
    private const double Within = 1e-3;

    public static TheoryData<string> Trained => [.. ScriptFile.Trained];

    public static TheoryData<string> Counted =>
        [.. ScriptFile.All.Where(script => script.Name is "bigram" or "ngram").Select(script => script.Name)];

    [Theory, OnEngine(Engines.Torch, nameof(Trained))]
    public void Run_OfTheSameSeed_HasTheLossesOfTheManagedEngine(string engine, string script)
    {
        var run = ScriptRun.Run(script, "--engine", engine, "--threads", "1", "--max-steps", $"{ScriptRun.Steps}");
        AssertClose(ScriptRun.Of(script).Outcome.Output, run.Outcome.Output);
    }

    [Theory, OnEngine(Engines.Torch, nameof(Counted))]
    public void Counts_AreThoseOfTheManagedEngine(string engine, string script)
    {
        AssertClose(Run(Engines.Managed), Run(engine));

        string Run(string name) => InProcess.Run(
            ScriptFile.PathOf(script), ScriptProcess.Folder,
            ["-i", "names.txt", "-o", $"runs/{Guid.NewGuid():N}", "--num", "3", "--engine", name]).Outcome.Output;
    }

    /// <summary>The engine is not part of a run: a saved run can be used on any engine.</summary>
    [Theory, OnEngine(Engines.Torch)]
    public void Run_SavedOnOneEngine_ResumesOnAnother(string engine)
    {
        var run = ScriptRun.Run("mlp", "--threads", "1", "--max-steps", "8");
        var end = run.Again("--resume", "--engine", engine, "--max-steps", $"{ScriptRun.Steps}");
        var last = Losses(ScriptRun.Of("mlp").Outcome.Output)[^1];
        Assert.InRange(Losses(end.Outcome.Output)[^1], last - Within, last + Within);
        Assert.Equal(end.Samples, run.Again("--sample-only", "--engine", engine).Outcome.Output);
    }

    [Theory, OnEngine(Engines.Torch)]
    public void Device_NotAvailable_IsReportedOnOneLine(string engine)
    {
        var (_, outcome) = InProcess.Run(
            ScriptFile.PathOf("mlp"), ScriptProcess.Folder,
            ["-i", "names.txt", "-o", "new", "--engine", engine, "--device", "cuda:999"]);
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Matches(@"^mlp: --engine torch: [^\n]*(CUDA device|device cuda:999)[^\n]*\n?$", outcome.Error);
    }

    private static void AssertClose(string expected, string actual)
    {
        var (there, here) = (Losses(expected), Losses(actual));
        Assert.NotEmpty(there);
        Assert.Equal(there.Length, here.Length);
        Assert.All(here.Zip(there), pair => Assert.InRange(pair.Item1, pair.Item2 - Within, pair.Item2 + Within));
    }

    private static double[] Losses(string output) =>
        [.. Loss().Matches(output).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"\bloss:? (\d+\.\d{4})")]
    private static partial Regex Loss();
}
