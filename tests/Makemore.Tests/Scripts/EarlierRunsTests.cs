using Makemore.Tests.Script;

namespace Makemore.Tests.Scripts;

/// <summary>A run is never destroyed: a new one into its work dir keeps it aside, a second one at the same time is refused, and
/// files of others are not replaced.</summary>
public sealed class EarlierRunsTests : IDisposable
{
    private static readonly string[] Small = ["-i", "names.txt", "-o", "out", "--n-embd", "4", "--n-embd2", "4", "--report-samples", "0"];

    private readonly TemporaryFolder _folder = new();

    public EarlierRunsTests() => File.Copy(ScriptProcess.At("names.txt"), _folder["names.txt"]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mlp", "--max-steps 1")]
    [InlineData("bigram", "--smoothing 2")]
    public void NewRun_IntoAFinishedOne_KeepsItAside(string script, string other)
    {
        Run(script);
        var first = Contents("out");
        Assert.Contains("the earlier run is now in out~1\n", Run(script, other.Split(' ')));
        Assert.Equal(first, Contents("out~1"));
        var second = Contents("out");
        Assert.Contains("the earlier run is now in out~1\n", Run(script));
        Assert.Equal(second, Contents("out~1"));
        Assert.Equal(first, Contents("out~2"));
        Assert.Equal(script, FinishedRun.Read(_folder["out~2"], ScriptFile.PathOf(script)).Value().Record.Model);
        Assert.Contains("the earlier run is now in out~1; older ones are deleted (--keep 1)\n", Run(script, "--keep", "1"));
        Assert.Contains("the earlier run is deleted (--keep 0)\n", Run(script, "--keep", "0"));
        Assert.Equal(["names.txt", "out"], _folder.Names());
    }

    /// <summary>A file of the user's own, in the work dir or among what an earlier run left, stays where it is.</summary>
    [Fact]
    public void NewRun_NextToOtherFiles_LeavesThem()
    {
        Run("bigram");
        _folder.Write("out/notes.txt", "mine");
        Run("bigram");
        _folder.Write("out~1/notes.txt", "mine, too");
        Assert.Contains("; older ones are deleted (--keep 1)\n", Run("bigram", "--keep", "1"));
        // The oldest folder has only notes now.
        Assert.Contains("the earlier run is now in out~1\n", Run("bigram", "--keep", "2"));
        Run("bigram", "--keep", "0");
        Assert.Equal(("mine", "mine, too"), (File.ReadAllText(_folder["out/notes.txt"]), File.ReadAllText(_folder["out~3/notes.txt"])));
        Assert.Equal(["notes.txt"], Directory.GetFiles(_folder["out~3"]).Select(Path.GetFileName));
    }

    [Fact]
    public void Move_KilledAfterAnyFile_IsTakenBack()
    {
        Run("mlp", "--diagnose", "--tensorboard");
        File.Copy(_folder["out/report.html"], _folder["out/lens.html"]);
        var whole = Contents("out");
        for (var moved = 0; moved <= WorkFiles.OfRun.Names.Length; moved++)
        {
            Directory.CreateDirectory(_folder["out~moving"]);
            foreach (var file in WorkFiles.OfRun.Names[..moved])
                File.Move(_folder[$"out/{file}"], _folder[$"out~moving/{file}"]);
            FinishedRun.Read(_folder["out"], ScriptFile.PathOf("mlp")).Value();
            Assert.Equal(whole, Contents("out"));
            Assert.Equal(["names.txt", "out"], _folder.Names());
        }
    }

    /// <summary>A kill between two renames of folders leaves a gap, which the next move fills.</summary>
    [Fact]
    public void Move_KilledBetweenFolders_LosesNoRun()
    {
        Run("bigram");
        Directory.CreateDirectory(_folder["out~2"]);
        _folder.Write("out~2/run.json", "the oldest");
        Run("bigram");
        Assert.True(File.Exists(_folder["out~1/model.safetensors"]));
        Assert.Equal("the oldest", File.ReadAllText(_folder["out~2/run.json"]));
    }

    [Fact]
    public void WorkDir_WithoutARun_NamesTheEarlierOne()
    {
        Run("mlp");
        Directory.Move(_folder["out"], _folder["out~1"]);
        Assert.Contains("no saved run; the earlier run is in out~1", Refused("mlp", "--resume"));
        Assert.Contains("no saved run; the earlier run is in out~1", Refused("mlp", "--sample-only"));
    }

    [Fact]
    public void Record_OfAScriptInItsWorkDir_LeadsThereFromAsideToo()
    {
        Run("bigram");
        var record = JsonFile.Read<RunRecord>(_folder["out/run.json"]).Value();
        JsonFile.Write(_folder["out/run.json"], record with { Script = "mine.csx" }).Value();
        Run("bigram");
        record = JsonFile.Read<RunRecord>(_folder["out~1/run.json"]).Value();
        Assert.Equal("../out/mine.csx", record.Script);
        Assert.Equal("../names.txt", record.Words.Replace('\\', '/'));
    }

    [Fact]
    public void SecondRun_WhileTheFirstLives_IsRefused()
    {
        Run("mlp");
        var before = Contents("out");
        WorkDir.Locked<int>(_folder["out"], WorkFiles.None, () =>
        {
            Assert.Contains("mlp: out: another run is writing to this folder; wait", Refused("mlp"));
            Assert.Contains("mlp: out: another run is writing to this folder; wait", Refused("mlp", "--resume", "--max-steps", "9"));
            return 0;
        }).Value();
        Assert.Equal(before, Contents("out"));
        // That of a killed run.
        File.Create(_folder["out/makemore.lock"]).Dispose();
        Run("mlp");
    }

    [Fact]
    public void NewRun_WhileAnEarlierOneIsResumed_IsRefused()
    {
        Run("mlp");
        Run("mlp");
        Run("mlp");
        var before = Contents("out").Concat(Contents("out~1")).ToArray();
        WorkDir.Locked<int>(_folder["out~2"], WorkFiles.None, () =>
        {
            Assert.Contains("mlp: out~2: another run is writing to this folder; wait", Refused("mlp"));
            Assert.Contains("mlp: out~2: another run is writing to this folder; wait", Refused("mlp", "--keep", "1"));
            return 0;
        }).Value();
        Assert.Equal(before, Contents("out").Concat(Contents("out~1")));
    }

    [Theory]
    [InlineData("state.safetensors")]
    [InlineData("model.safetensors")]
    [InlineData("metrics.jsonl")]
    [InlineData("diagnostics.jsonl")]
    [InlineData("run.json")]
    [InlineData("evaluation.json")]
    [InlineData("report.html")]
    public void File_OfSomebodyElse_IsNotReplaced(string file)
    {
        Directory.CreateDirectory(_folder["out"]);
        _folder.Write($"out/{file}", "mine");
        Assert.Contains($"mlp: out/{file}: Makemore did not write this file and will not replace it; move it", Refused("mlp"));
        Assert.Equal("mine", File.ReadAllText(_folder[$"out/{file}"]));
        Assert.Equal([file], Directory.GetFileSystemEntries(_folder["out"]).Select(Path.GetFileName));
    }

    /// <summary>Before anything is trained.</summary>
    [LinuxFact("pipes have names on Unix")]
    public void PipeOrFolder_WhereAFileBelongs_IsRefused()
    {
        Directory.CreateDirectory(_folder["out/report.html"]);
        Assert.Equal("mlp: out/report.html: is a folder, not a file", Refused("mlp"));
        Directory.Delete(_folder["out/report.html"]);
        using (var make = System.Diagnostics.Process.Start("mkfifo", [_folder["out/metrics.jsonl"]]))
            make.WaitForExit();
        Assert.Equal("mlp: out/metrics.jsonl: is a pipe or a device, not a file", Refused("mlp"));
        Assert.Equal(["metrics.jsonl"], Directory.GetFileSystemEntries(_folder["out"]).Select(Path.GetFileName));
    }

    [Fact]
    public void Checks_InAFinishedRun_TouchNothing()
    {
        Run("mlp");
        var (before, folder) = (Contents("out"), Directory.GetLastWriteTimeUtc(_folder["out"]));
        Run("mlp", "--check-gradients", "--find-lr");
        Assert.Equal(before, Contents("out"));
        Assert.Equal(folder, Directory.GetLastWriteTimeUtc(_folder["out"]));
        Assert.Equal(["names.txt", "out"], _folder.Names());
    }

    [LinuxTheory("signals")]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public void Signal_DuringTraining_SavesAndEnds(string signal, int code)
    {
        string[] options = ["-i", "names.txt", "--n-embd", "4", "--n-embd2", "4", "--report-samples", "0", "--threads", "1"];
        var outcome = HostProcess.Signal(
            _folder["."], ScriptProcess.At("cache"),
            [ScriptFile.PathOf("mlp"), .. options, "-o", "stopped", "--max-steps", "1000000", "--eval-every", "1000000"],
            line => line.StartsWith("step 10 |", StringComparison.Ordinal), signal);
        Assert.Equal((code, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains("\nsaved model's test loss: ", outcome.Output);
        Assert.True(Safetensors.Read(_folder["stopped/state.safetensors"]).IsRight);
        Assert.False(File.Exists(_folder["stopped/makemore.lock"]));
    }

    /// <summary>A child that is at work holds the lock of its work dir.</summary>
    [LinuxFact("signals")]
    public void Signal_ToAComparison_EndsItsChildren()
    {
        var trial = Path.Combine(_folder["ladder"], Ladder.TrialFolder);
        var outcome = HostProcess.Signal(
            _folder["."], ScriptProcess.At("cache"),
            [ScriptFile.PathOf("compare"), "--train", "-i", "names.txt", "-o", "ladder"],
            line => line == "ngram: counted" && SpinWait.SpinUntil(() => File.Exists(Path.Combine(trial, "makemore.lock")), 60_000),
            "TERM");
        Assert.Equal((143, "compare: interrupted"), (outcome.ExitCode, outcome.Error));
        Assert.True(WorkDir.Locked<int>(trial, WorkFiles.None, () => 0).IsRight);
    }

    /// <summary>The files in a folder, with times and contents.</summary>
    private string[] Contents(string folder) =>
    [
        .. Directory.GetFiles(_folder[folder]).Order().Select(path =>
            $"{Path.GetFileName(path)} {File.GetLastWriteTimeUtc(path):O} {Convert.ToBase64String(File.ReadAllBytes(path))}"),
    ];

    private string Run(string script, params string[] arguments)
    {
        var outcome = Outcome(script, arguments);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return outcome.Output + "\n";
    }

    private string Refused(string script, params string[] arguments)
    {
        var outcome = Outcome(script, arguments);
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.DoesNotContain('\n', outcome.Error);
        return outcome.Error;
    }

    private Script.Outcome Outcome(string script, string[] arguments) => InProcess.Run(
        ScriptFile.PathOf(script), _folder.FullName,
        [
            .. ScriptFile.Of(script).IsCounted ? Small.Where((_, i) => i is < 4 or > 7) : Small,
            .. ScriptFile.Of(script).IsCounted || arguments.Contains("--max-steps") ? [] : (string[])["--max-steps", "2"], .. arguments,
        ]).Outcome;
}
