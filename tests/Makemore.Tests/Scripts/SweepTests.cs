using System.Collections.Concurrent;
using LanguageExt;

namespace Makemore.Tests.Scripts;

/// <summary>sweep.csx on small runs, which are started in this process.</summary>
public sealed class SweepTests
{
    private const int Runs = 6;

    private static readonly string[] Small =
        ["-i", "names.txt", "--eval-every", "4", "--batch-size", "4", "--n-embd", "8", "--n-embd2", "12"];

    private static readonly string[] Grid = ["--max-steps", "12", "--learning-rate", "1e-3,1e-1", "--seeds", "3"];

    /// <summary>The sweep is stopped after its third run, and that run's record is lost; another run was stopped in the middle.</summary>
    [Fact]
    public void Sweep_StoppedAndResumed_GivesTheSameTableAndTrainsNothingTwice()
    {
        var whole = Sweep("sweeps/whole", [.. Small, .. Grid], out var started);
        Assert.Equal((0, "", Runs), (whole.ExitCode, whole.Error, started.Count));
        var stopped = Sweep("sweeps/stopped", [.. Small, .. Grid, "--jobs", "1"], out _, runs => runs == 4 ? new Fault.Interrupted(130) : null);
        Assert.Equal((130, "sweep: interrupted"), (stopped.ExitCode, stopped.Error));
        var part = Mlp("sweeps/stopped", "learning-rate=1e-1", "1", "--learning-rate", "1e-1", "--max-steps", "8");
        Assert.Equal(0, part.ExitCode);
        var resumed = Sweep("sweeps/stopped", [.. Small, .. Grid], out started);
        Assert.Equal((0, ""), (resumed.ExitCode, resumed.Error));
        Assert.StartsWith("3 of 6 runs have finished before", resumed.Output);
        Assert.Equal(3, started.Count);
        Assert.Single(started, arguments => arguments.Contains("--resume"));
        Assert.Equal(Table(whole), Table(resumed));
        Assert.Equal(
            File.ReadAllBytes(ScriptProcess.At("sweeps", "whole", "learning-rate=1e-1", "1", "model.safetensors")),
            File.ReadAllBytes(ScriptProcess.At("sweeps", "stopped", "learning-rate=1e-1", "1", "model.safetensors")));
        var record = JsonFile.Read<ComparisonRecord>(ScriptProcess.At("sweeps", "whole", "comparison.json")).Value();
        Assert.Equal(["learning-rate=1e-3", "learning-rate=1e-1"], record.Seeds.Select(same => same.Setting));
        Assert.Single(record.Seeds, same => same.Difference is null);
        Assert.Contains("on the Pareto front", File.ReadAllText(ScriptProcess.At("sweeps", "whole", "report.html")));
    }

    /// <summary>Resumed, a run would have all of its time again.</summary>
    [Fact]
    public void Sweep_AgainstTheClock_StartsUnfinishedRunsAgain()
    {
        string[] grid = [.. Grid, "--max-seconds", "600", "--jobs", "1"];
        var stopped = Sweep("sweeps/clock", [.. Small, .. grid], out _, runs => runs == 2 ? new Fault.Interrupted(130) : null);
        Assert.Equal(130, stopped.ExitCode);
        Assert.Equal(0, Mlp("sweeps/clock", "learning-rate=1e-1", "1", "--learning-rate", "1e-1", "--max-steps", "8").ExitCode);
        Assert.Equal(0, Sweep("sweeps/clock", [.. Small, .. grid], out var started).ExitCode);
        Assert.DoesNotContain(started, arguments => arguments.Contains("--resume"));
        Assert.All(started, arguments => Assert.Contains("--keep", arguments));
    }

    /// <summary>Killed, as by kill −9, under the host: the runs of a killed sweep may live on.</summary>
    [Fact]
    public void Sweep_KilledUnderTheHost_Resumes()
    {
        string[] arguments = [Path.GetRelativePath(ScriptProcess.Folder, ScriptFile.PathOf("mlp")), .. Small, .. Grid, "-o", "sweeps/killed"];
        Assert.True(Script.HostProcess.Kill(
            ScriptProcess.Folder, ScriptProcess.At("cache"), [ScriptFile.PathOf("sweep"), .. arguments],
            line => line.EndsWith(": trained", StringComparison.Ordinal), TimeSpan.FromMilliseconds(200)));
        var resumed = ScriptProcess.Run("sweep", arguments);
        Assert.Equal((0, ""), (resumed.ExitCode, resumed.Error));
        Assert.Equal(Table(Sweep("sweeps/unbroken", [.. Small, .. Grid], out _)), Table(resumed));
    }

    [Fact]
    public void Sweep_SettingThatDiverges_IsLeftOut()
    {
        var outcome = Sweep("sweeps/diverging", [.. Small, "--max-steps", "12", "--learning-rate", "1e-3,1e30", "--seeds", "2"], out _);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains("learning-rate=1e30: left out, because 2 of 2 runs failed: ", outcome.Output);
        Assert.DoesNotContain("1e30", Table(outcome));
    }

    [Fact]
    public void Sweep_OfRangesAtRandom_DrawsTheSameSettingsAgain()
    {
        var plan = Plan("--learning-rate 1e-4..1e-2 --n-embd 8..32 --optimizer adamw,lion --ema 0.9", random: 5).Value();
        Assert.Equal(plan.Settings.Select(setting => setting.Name), Plan(
            "--learning-rate 1e-4..1e-2 --n-embd 8..32 --optimizer adamw,lion --ema 0.9", random: 5).Value().Settings.Select(setting => setting.Name));
        Assert.Equal(["--ema", "0.9"], plan.Common.AsEnumerable());
        Assert.All(plan.Settings, setting => Assert.Matches(
            @"^learning-rate=0\.00\d+,n-embd=(8|9|[12]\d|3[012]),optimizer=(adamw|lion)$", setting.Name));
        Assert.InRange(plan.Settings.Length, 2, 5);
    }

    [Fact]
    public void Plan_OfAGrid_HasEverySettingWithEverySeed()
    {
        var plan = Plan("-l 1,2 --neural --n-embd=3,4 --split 80/10/10 --seed 7,9", random: 0).Value();
        Assert.Equal(["l=1,n-embd=3", "l=1,n-embd=4", "l=2,n-embd=3", "l=2,n-embd=4"], plan.Settings.Select(setting => setting.Name));
        Assert.Equal(["-l", "2", "--n-embd", "3"], plan.Settings[2].Arguments.AsEnumerable());
        Assert.Equal(["--neural", "--split", "80/10/10"], plan.Common.AsEnumerable());
        Assert.Equal(["7", "9"], plan.Seeds.AsEnumerable());
    }

    [Theory]
    [InlineData("", "sweep: name a script first, such as scripts/mlp.csx")]
    [InlineData("--seeds 3", "sweep: name a script first")]
    [InlineData("none.csx", "none.csx: there is no such script")]
    [InlineData("MLP --seeds 0", "sweep: --seeds 0: give a whole number of 1 or more, up to 1000")]
    [InlineData("MLP 3", "sweep: '3': an option of the script comes first")]
    [InlineData("MLP -l 1e-3,,1", "sweep: -l 1e-3,,1: a value is empty")]
    [InlineData("MLP -l 1,1", "sweep: -l 1,1: 1 is given twice")]
    [InlineData("MLP -l 1 -l 2", "sweep: -l is given twice; commas separate values")]
    [InlineData("MLP -l 1..2", "sweep: -l 1..2: a range has values without end; --random says how many")]
    [InlineData("MLP -l 2..1 --random 3", "sweep: -l 2..1: a range goes from a lower number to a higher one")]
    [InlineData("MLP --seed 1 --seeds 2", "sweep: --seed excludes --seeds")]
    [InlineData("MLP --resume", "sweep: --resume: a sweep resumes its runs and keeps them by itself")]
    [InlineData("MLP -l 1,2,3 --seeds 400", "sweep: 3 settings with 400 seeds each are too many; a sweep has at most 1000 runs")]
    [InlineData("MLP --nothing 3", "'--nothing'")]
    [InlineData("MLP --n-embd none", "mlp: --n-embd none: give a whole number of 1 or more")]
    public void Sweep_BadArguments_FailsWithOneLine(string arguments, string error)
    {
        string[] words = arguments.Replace("MLP", ScriptFile.PathOf("mlp")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var outcome = Run("sweeps/bad", words, (_, _) => null, out _);
        Assert.Contains(error, outcome.Error);
        Assert.DoesNotContain('\n', outcome.Error);
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
    }

    [Fact]
    public void Sweep_IntoTheFolderOfAnother_IsRefused()
    {
        Assert.Equal(0, Sweep("sweeps/first", [.. Small, "--max-steps", "1", "--seeds", "1"], out _).ExitCode);
        Assert.Contains(
            "first: holds a sweep whose runs have -i ", Sweep("sweeps/first", [.. Small, "--max-steps", "1", "--ema", "0.9", "--seeds", "1"], out _).Error);
        Assert.Contains("holds a sweep of mlp.csx; choose another folder with --work-dir", Run(
            "sweeps/first", [ScriptFile.PathOf("gru"), "--seeds", "1"], (_, _) => null, out _).Error);
    }

    private static Either<Fault, SweepPlan> Plan(string arguments, int random) =>
        SweepPlan.Of(new() { Random = random, Seeds = 2 }, hasSeeds: false, "mlp.csx", arguments.Split(' '));

    private static Script.Outcome Sweep(
        string folder, string[] arguments, out ConcurrentQueue<string[]> started, Func<int, Fault?>? stop = null) =>
        Run(folder, [ScriptFile.PathOf("mlp"), .. arguments], (_, runs) => stop?.Invoke(runs), out started);

    /// <summary>Runs a sweep whose runs are in this process.</summary>
    /// <param name="folder">The work dir.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="stop">A fault instead of a training run, given its arguments and the number of runs so far.</param>
    /// <param name="started">The arguments of the runs that were trained.</param>
    private static Script.Outcome Run(
        string folder, string[] arguments, Func<string[], int, Fault?> stop, out ConcurrentQueue<string[]> started)
    {
        var trained = started = [];
        return InProcess.Run(
            ScriptFile.PathOf("sweep"), ScriptProcess.Folder, [.. arguments, "-o", folder], new((_, _) => 0, Capture)).Outcome;

        Either<Fault, ChildOutcome> Capture(string script, string[] words)
        {
            if (!words.Contains("--evaluate"))
            {
                if (stop(words, trained.Count + 1) is { } fault)
                    return fault;
                trained.Enqueue(words);
            }
            return InProcess.Capture(script, words);
        }
    }

    /// <summary>A run of the script itself in the folder of a run of the sweep.</summary>
    private static Script.Outcome Mlp(string folder, string setting, string seed, params string[] arguments) => InProcess.Run(
        ScriptFile.PathOf("mlp"), ScriptProcess.Folder, [.. Small, .. arguments, "--seed", seed, "-o", $"{folder}/{setting}/{seed}"]).Outcome;

    private static string Table(Script.Outcome outcome) => outcome.Output[outcome.Output.IndexOf("the same except --seed", StringComparison.Ordinal)..];
}
