using System.Diagnostics;
using Makemore.Tests.Script;

namespace Makemore.Tests.Scripts;

/// <summary>Runs that are killed at any moment leave intact files, and resume as if nothing had happened.</summary>
public sealed class ResumeTests
{
    private const int Steps = 200, EndedAfter = 80, Kills = 20;

    // A window, a recurrence, attention. A kill of a process takes time, and what it leaves depends on the model little.
    private static readonly string[] Killed = ["mlp", "gru", "transformer"];

    public static TheoryData<string> KilledScripts => [.. Killed];

    public static TheoryData<string> OtherScripts => [.. ScriptFile.Trained.Except(Killed)];

    [Theory]
    [MemberData(nameof(KilledScripts))]
    public void Law3_Run_KilledAndResumedInANewProcess_EndsWithTheSameBits(string script) =>
        AssertSameBits(script, (isTime, options) => ScriptRun.Killed(script, isTime, TimeSpan.Zero, options));

    [Theory]
    [MemberData(nameof(OtherScripts))]
    public void Law3_Run_BrokenOffByAnExceptionAndResumed_EndsWithTheSameBits(string script) =>
        AssertSameBits(script, (isTime, options) => ScriptRun.BrokenOff(script, isTime, options));

    /// <summary>With everything that has state: moments, a moving average of the parameters, a partial sum of gradients, and a
    /// learning-rate schedule whose length only the first run is given.</summary>
    private static void AssertSameBits(string script, Func<Func<string, bool>, string[], ScriptRun> runPart)
    {
        string[] options =
        [
            "--max-steps", $"{Steps}", "--eval-every", "40", "--save-every", "20", "--schedule", "cosine", "--warmup", "10",
            "--ema", "0.9", "--grad-clip", "1", "--accumulate", "3", "--label-smoothing", "0.1",
            .. ScriptFile.Of(script.Split(' ')[0]).Arguments(("--dropout", "0.1")),
        ];
        var uninterrupted = ScriptRun.Run(script, [.. options, "--threads", "1"]);
        var part = runPart(IsTime, options);
        Assert.InRange(part.SavedStep, EndedAfter / 2, Steps - 1);
        uninterrupted.AssertSameBits(part.Again(
            "--resume", "--max-steps", $"{Steps}", "--threads", "2", "--eval-every", "40", "--schedule", "cosine"));

        static bool IsTime(string line) => line.StartsWith($"step {EndedAfter} |", StringComparison.Ordinal);
    }

    /// <summary>The run does little besides saving, so that most kills happen while it saves.</summary>
    [Fact]
    public void Files_OfARunKilledAgainAndAgain_AreAlwaysWhole()
    {
        string[] options = ["--eval-every", "5", "--n-embd", "4", "--n-embd2", "4", "--threads", "1"];
        string[] forever = [.. options, "--save-every", "1", "--max-steps", "1000000"];
        var waits = Key.FromSeed(9).Uniforms(Kills, 0, 80);
        var run = ScriptRun.Killed("mlp", IsBeforeSaving, TimeSpan.FromMilliseconds(waits[0]), forever);
        foreach (var wait in waits[1..])
        {
            var before = run.SavedStep;
            run.KilledAgain(IsBeforeSaving, TimeSpan.FromMilliseconds(wait), [.. forever, "--resume"]);
            Assert.True(run.SavedStep >= before, "it lost steps");
            // The first evaluation prints samples before it saves.
            if (File.Exists(run.Saved("model.safetensors")) || before >= 10)
                Safetensors.Read(run.Saved("model.safetensors")).Value();
        }
        Assert.True(run.SavedStep > Kills / 2, "it made no progress");
        run.AgeLeftovers();
        string[] end = [.. options, "--max-steps", $"{run.SavedStep + 3}"];
        var resumed = run.Again([.. end, "--resume"]);
        Assert.Empty(run.Leftovers);
        ScriptRun.Run("mlp", end).AssertSameBits(resumed);
    }

    /// <summary>An uninterrupted run shows how long indexing takes; the kills are spread over that time.</summary>
    [Fact]
    public void Index_BuildKilledRepeatedly_IsIntactOrMissing()
    {
        const int Megabytes = 24, IndexKills = 5;
        using var folder = new TemporaryFolder();
        var path = folder.Write("words.txt", string.Concat(Enumerable.Repeat("emma\nolivia\navamaria\n", (Megabytes << 20) / 21)));
        var (begun, built) = (0L, 0L);
        Kill(line =>
        {
            begun = begun == 0 && IsProgress(line) ? Stopwatch.GetTimestamp() : begun;
            built = Stopwatch.GetTimestamp();
            return begun > 0 && !IsProgress(line);
        });
        var whole = File.ReadAllBytes(path + ".index");
        var words = FileWords.Open(path).Value();
        Assert.Equal((3L * ((Megabytes << 20) / 21), "olivia"), (words.Count, words[(words.Count / 2 / 3 * 3) + 1]));
        var unfinished = 0;
        for (var i = 0; i < IndexKills; i++)
        {
            File.Delete(path + ".index");
            Kill(IsProgress, Stopwatch.GetElapsedTime(begun, built) * i / IndexKills);
            if (File.Exists(path + ".index"))
                Assert.Equal(whole, File.ReadAllBytes(path + ".index"));
            else
                unfinished++;
        }
        Assert.InRange(unfinished, 1, IndexKills);

        void Kill(Func<string, bool> isLine, TimeSpan wait = default) => Assert.True(HostProcess.Kill(
            folder["."], ScriptProcess.At("cache"),
            [ScriptFile.PathOf("mlp"), "-i", path, "--in-memory", "1", "--max-steps", "1000000", "--threads", "1"], isLine, wait));

        static bool IsProgress(string line) => line.StartsWith("index: ", StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_DamagedModel_WritesItAgain()
    {
        var run = ScriptRun.Run("mlp", "--max-steps", "4");
        var whole = run.Files.Model;
        File.WriteAllBytes(run.Saved("model.safetensors"), whole[..^9]);
        Assert.Equal(whole, run.Again("--resume", "--max-steps", "4").Files.Model);
    }

    [Fact]
    public void Resume_DifferentFreeOptions_Resumes() => Assert.Contains(
        "step 8 train loss: ",
        ScriptRun.Run("mlp", "--max-steps", "4").Again(
            "--resume", "--max-steps", "9", "--threads", "2", "--save-every", "1", "--diagnose", "--num", "3",
            "--temperature", "0.5", "--top-k", "3", "--top-p", "0.9", "--prompt", "a", "--max-length", "5").Outcome.Output);

    private static bool IsBeforeSaving(string line) => line.StartsWith("samples: ", StringComparison.Ordinal);
}
