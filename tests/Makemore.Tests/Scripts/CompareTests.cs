using System.Text.Json;

namespace Makemore.Tests.Scripts;

/// <summary>compare.csx and sample.csx on runs of two models.</summary>
public sealed class CompareTests
{
    [Fact]
    public void Compare_TwoRuns_PrintsAndWritesATable()
    {
        var (mlp, gru) = (ScriptRun.Of("mlp"), ScriptRun.Of("gru"));
        var outcome = ScriptProcess.Run("compare", mlp.WorkDir, gru.WorkDir, "-o", "processes", "--samples", "50");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var lines = outcome.Output.Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Equal("report: processes/report.html", lines[0].Replace('\\', '/'));
        Assert.StartsWith("run ", lines[1]);
        Assert.Matches($@"^{gru.WorkDir} +\d\.\d{{4}} ± 0\.\d{{4}}  (better by|worse by|no significant difference).*  \d+ +\d+\.\d\d$", lines[3]);
        var record = JsonFile.Read<ComparisonRecord>(ScriptProcess.At("processes", "comparison.json")).Value();
        Assert.Equal((30, 50), (record.TestWords, record.Samples));
        Assert.Equal([mlp.WorkDir, gru.WorkDir], record.Runs.Select(run => run.Folder));
        // The same as in the run's own evaluation.
        var evaluation = JsonFile.Read<EvaluationRecord>(mlp.Saved("evaluation.json")).Value().Evaluation;
        Assert.Equal(evaluation.Test.Nats, record.Runs[0].Test.Nats, 1e-6);
        Assert.Equal(evaluation.Train.Nats, record.Runs[0].Train.Nats, 1e-6);
        Assert.Equal(record.Runs[1].Test.Nats - record.Runs[0].Test.Nats, record.Runs[1].Difference!.Nats, 1e-9);
    }

    /// <summary>Losses per token of other tokens cannot be compared; those per byte can.</summary>
    [Fact]
    public void Compare_RunsOfOtherVocabularies_IsPerByte()
    {
        ScriptRun[] runs = [ScriptRun.Of("mlp"), VocabularyRunTests.Run("bytes"), VocabularyRunTests.Run("bpe:270")];
        var outcome = Compare([.. runs.Select(run => run.WorkDir)]);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Matches("^run +nats per byte +vs\\. the run above +bits per byte ", outcome.Output.Split('\n')[1]);
        var record = JsonFile.Read<ComparisonRecord>(ScriptProcess.At("compared", "comparison.json")).Value();
        Assert.Equal("byte", record.Unit);
        foreach (var (run, compared) in runs.Zip(record.Runs))
        {
            var own = JsonFile.Read<EvaluationRecord>(run.Saved("evaluation.json")).Value().Evaluation.TestPerByte!;
            Assert.Equal(own.Nats, compared.Test.Nats, 1e-6);
            Assert.Equal(own.Tokens, compared.Test.Tokens);
        }
        Assert.NotNull(record.Runs[2].Difference!.P);
    }

    [Fact]
    public void Compare_Train_ComparesTheWholeLadder()
    {
        var outcome = Run(
            "compare", "--train", "-i", "names.txt", "--minutes", "0.01", "--samples", "20", "-o", "ladder");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var record = JsonFile.Read<ComparisonRecord>(ScriptProcess.At("ladder", "comparison.json")).Value();
        // modern.csx is above the ladder.
        var models = ScriptFile.All.Select(script => script.Name)
            .Where(name => name != "modern" && !name.StartsWith("tweaks/", StringComparison.Ordinal));
        Assert.Equal(models.Order(), record.Runs.Select(run => run.Model).Order());
        Assert.Equal(["bigram", "ngram"], record.Runs.Where(run => run.Steps is null).Select(run => run.Model));
        Assert.All(record.Runs, run => Assert.False(run.ScriptHasChanged));
    }

    /// <summary>A file of words, whatever its name, stays as it is, and the held-out words leave none.</summary>
    [Fact]
    public void Compare_IntoAFolderOfTheUsers_ReplacesNothing()
    {
        var run = ScriptRun.Of("mlp");
        var folder = Directory.CreateDirectory(ScriptProcess.At("users"));
        File.WriteAllText(ScriptProcess.At("users", "words.txt"), "mine");
        Assert.Equal(0, Run("compare", run.WorkDir, "-o", "users", "--samples", "0").ExitCode);
        Assert.Equal(["comparison.json", "report.html", "words.txt"], folder.GetFiles().Select(file => file.Name).Order());
        Assert.Equal("mine", File.ReadAllText(ScriptProcess.At("users", "words.txt")));
        File.WriteAllText(ScriptProcess.At("users", "report.html"), "mine");
        AssertFailed(
            Run("compare", run.WorkDir, "-o", "users", "--samples", "0"),
            "compare: users/report.html: Makemore did not write this file and will not replace it");
    }

    /// <summary>A run and a comparison have reports of the same name.</summary>
    [Fact]
    public void Compare_IntoARunsFolderOrTheReverse_IsRefused()
    {
        var run = ScriptRun.Of("mlp");
        var report = File.ReadAllText(run.Saved("report.html"));
        AssertFailed(
            Run("compare", run.WorkDir, "-o", run.WorkDir, "--samples", "0"),
            $"compare: {run.WorkDir}: holds a run, whose report would be replaced; choose another folder with --work-dir");
        Assert.Equal(report, File.ReadAllText(run.Saved("report.html")));
        Assert.Equal(0, Run("compare", run.WorkDir, "-o", "taken", "--samples", "0").ExitCode);
        report = File.ReadAllText(ScriptProcess.At("taken", "report.html"));
        AssertFailed(
            Run("bigram", "-i", "names.txt", "-o", "taken"),
            "bigram: taken: holds a comparison, whose report would be replaced; choose another folder with --work-dir");
        Assert.Equal(report, File.ReadAllText(ScriptProcess.At("taken", "report.html")));
    }

    [Fact]
    public void Compare_WordsThatChangeMeanwhile_FailsWithOneLine()
    {
        var broken = new ChildScripts((_, _) => 0, (_, _) => throw new IOException("names.txt: changed while it was in use"));
        AssertFailed(
            InProcess.Run(
                ScriptFile.PathOf("compare"), ScriptProcess.Folder, [ScriptRun.Of("mlp").WorkDir, "-o", "never"], children: broken).Outcome,
            "compare: names.txt: changed while it was in use");
    }

    [Fact]
    public void Compare_RunsOfTwoSeedsAgainstOne_GivesMeanAndSpread()
    {
        var first = ScriptRun.Of("mlp");
        var second = ScriptRun.Run("mlp", "--threads", "1", "--max-steps", $"{ScriptRun.Steps}", "--seed", "1");
        var lines = Compare(second.WorkDir, "--against", first.WorkDir).Output.Split('\n');
        Assert.Matches($@"^run +test loss +vs\. {first.WorkDir} +perplexity ", lines[1]);
        Assert.StartsWith(first.WorkDir, lines[2]);
        Assert.Matches("(better|worse) by|no significant difference", lines[3]);
        Assert.StartsWith("the same except --seed ", lines[4]);
        Assert.Matches($@"^{first.WorkDir} {second.WorkDir}  \d+ +2  ", lines[5]);
        var seeds = Assert.Single(JsonFile.Read<ComparisonRecord>(ScriptProcess.At("compared", "comparison.json")).Value().Seeds);
        Assert.Equal(Math.Abs(seeds.Highest - seeds.Lowest) / Math.Sqrt(2), seeds.Deviation, 1e-9);
    }

    [Fact]
    public void Compare_RunWithItself_FindsNoDifference()
    {
        var folder = ScriptRun.Of("mlp").WorkDir;
        Assert.Contains("  no significant difference, p = 1.000  ", Compare(folder, folder).Output);
    }

    [Fact]
    public void Compare_ChangedScript_RunsOnlyIfTrusted()
    {
        Copy(ScriptRun.Of("rnn"), "changed", "script_sha256", "another");
        AssertFailed(Compare("changed"), "rnn.csx has changed since the run; undo the change");
        AssertFailed(Sample("changed"), "rnn.csx has changed since the run; undo the change");
        Assert.Matches(@"^changed: \S*rnn\.csx has changed since the run\n", Compare("changed", "--trust").Output);
        Assert.Equal(0, Sample("changed", "--trust", "--num", "1").ExitCode);
    }

    [Fact]
    public void Compare_RunsOnDifferentWords_FailsWithOneLine()
    {
        var run = ScriptRun.Of("mlp");
        var options = JsonFile.Read<RunRecord>(run.Saved("run.json")).Value().Options;
        Copy(run, "seeded", "options", JsonSerializer.Serialize(options.SetItem("--split-seed", "1")));
        AssertFailed(
            Compare(run.WorkDir, "seeded"), $"seeded: has different test words from those of {run.WorkDir}: --split-seed 1 instead of 3407");
        Copy(run, "others", "options", JsonSerializer.Serialize(options.SetItem(ModelCard.WordsHash, "another")));
        AssertFailed(Compare(run.WorkDir, "others"), $"others: was trained on different words from those of {run.WorkDir}");
        AssertFailed(
            Compare("others"), "others: the words that it was trained on are no longer in names.txt; --input-file says where they are now");
        File.WriteAllLines(ScriptProcess.At("reversed.txt"), File.ReadLines(ScriptProcess.At("names.txt")).Reverse());
        AssertFailed(
            Compare(run.WorkDir, "-i", "reversed.txt"),
            $"{run.WorkDir}: holds a run that was trained on other words than reversed.txt; without --input-file the run's own are used");
    }

    /// <summary>What would be found after the training is found before it.</summary>
    [Theory]
    [InlineData("--split-seed 1", "has different test words from those of the ladder, which is trained on names.txt: --split-seed 1 instead of 3407")]
    [InlineData("--max-word-length 6", ": --max-word-length 6 instead of none")]
    public void Compare_TrainWithARunThatIsNotComparable_FailsBeforeTheTraining(string options, string error)
    {
        var run = ScriptRun.Run("mlp", ["--max-steps", "1", .. options.Split(' ')]);
        var none = new ChildScripts((_, _) => 0, (_, _) => throw new InvalidOperationException("A model is trained."));
        AssertFailed(
            InProcess.Run(
                ScriptFile.PathOf("compare"), ScriptProcess.Folder,
                [run.WorkDir, "--train", "-i", "names.txt", "-o", "early"], children: none).Outcome, error);
        Assert.False(Directory.Exists(ScriptProcess.At("early")));
    }

    /// <summary>As after a run that was killed: the record is that of the run before.</summary>
    [Fact]
    public void Compare_RecordOfAnotherModel_FailsWithOneLine()
    {
        Copy(ScriptRun.Of("mlp"), "killed", "script", "mlp.csx ");
        File.Copy(ScriptRun.Of("mlp").Saved("run.json"), ScriptProcess.At("killed", "run.json"), overwrite: true);
        AssertFailed(Compare("killed"), "killed: no finished run: run.json is not of the model in model.safetensors");
    }

    [Theory]
    [InlineData("", "compare: name the work dirs of finished runs, such as out/bigram out/mlp, or --train")]
    [InlineData("nowhere", "compare: nowhere: no finished run: run.json is missing")]
    [InlineData("broken", "compare: broken/run.json: not a valid RunRecord")]
    [InlineData("empty", "compare: empty/run.json: not a valid RunRecord")]
    [InlineData("--minutes none", "compare: --minutes none: give a number of 0 or more")]
    public void Compare_BadArguments_FailsWithOneLine(string arguments, string error)
    {
        Directory.CreateDirectory(ScriptProcess.At("broken"));
        File.WriteAllText(ScriptProcess.At("broken", "run.json"), "[1]");
        Directory.CreateDirectory(ScriptProcess.At("empty"));
        File.WriteAllText(ScriptProcess.At("empty", "run.json"), "{}");
        AssertFailed(Compare(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)), error);
    }

    [Fact]
    public void Sample_Run_EqualsItsScriptsSamples()
    {
        var run = ScriptRun.Of("mlp");
        var own = run.Again("--sample-only", "--num", "4", "--prompt", "ka", "--temperature", "0.8").Samples;
        Assert.Equal(own, ScriptProcess.Run("sample", run.WorkDir, "--num", "4", "--prompt", "ka", "--temperature", "0.8").Output);
    }

    [Fact]
    public void Sample_Explain_ShowsTheFiveLikeliestCharacters()
    {
        var lines = Sample(ScriptRun.Of("mlp").WorkDir, "--num", "1", "--explain").Output.Split('\n');
        Assert.Equal(string.Concat(lines[1..].Select(line => line[2])).TrimEnd('.'), lines[0].TrimEnd('…'));
        Assert.All(lines[1..], line => Assert.Matches(@"^  [a-z.] [01]\.\d{3}  of(  [a-z.] [01]\.\d{3}){5}$", line));
    }

    [Theory]
    [InlineData("nowhere", "sample: nowhere: no finished run")]
    [InlineData("--num 3", "sample: --num: name the work dir of a run")]
    public void Sample_NoRun_FailsWithOneLine(string arguments, string error) =>
        AssertFailed(Sample(arguments.Split(' ')), error);

    private static Script.Outcome Compare(params string[] arguments) =>
        Run("compare", [.. arguments, "-o", "compared", "--samples", "50"]);

    private static Script.Outcome Sample(params string[] arguments) => Run("sample", arguments);

    private static Script.Outcome Run(string script, params string[] arguments) =>
        InProcess.Run(ScriptFile.PathOf(script), ScriptProcess.Folder, arguments).Outcome;

    private static void AssertFailed(Script.Outcome outcome, string error)
    {
        Assert.Contains(error, outcome.Error.Replace('\\', '/'));
        Assert.DoesNotContain('\n', outcome.Error);
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
    }

    /// <summary>Copies a run to a folder next to the words, and changes what its model says of itself.</summary>
    private static void Copy(ScriptRun run, string folder, string entry, string text)
    {
        var (leaves, metadata) = Safetensors.Read(run.Saved("model.safetensors")).Value();
        var path = ScriptProcess.At(folder, "model.safetensors");
        Safetensors.Write(path, leaves, new Dictionary<string, string>(metadata) { [entry] = text }).Value();
        var record = JsonFile.Read<RunRecord>(run.Saved("run.json")).Value();
        JsonFile.Write(ScriptProcess.At(folder, "run.json"), record with
        {
            Words = "../names.txt",
            Script = RecordedPath.Of(ScriptProcess.At(folder), ScriptFile.PathOf(record.Model)),
            ModelHash = Safetensors.ReadMetadata(path).Value()[Safetensors.HashName],
        }).Value();
    }
}
