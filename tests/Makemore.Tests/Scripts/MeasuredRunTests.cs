namespace Makemore.Tests.Scripts;

/// <summary>The JSON that a run writes and prints for other programs.</summary>
public sealed class MeasuredRunTests
{
    public static TheoryData<string> Trained => [.. ScriptFile.Trained];

    [Theory]
    [MemberData(nameof(Trained))]
    public void Run_AtItsEnd_RecordsItsScriptAndItsFigures(string script)
    {
        var run = ScriptRun.Of(script);
        var record = JsonFile.Read<RunRecord>(run.Saved("run.json")).Value();
        Assert.Equal(ScriptFile.Of(script.Split(' ')[0]).FilePath, Path.GetFullPath(ScriptProcess.At(run.WorkDir, record.Script)));
        Assert.Equal(ScriptProcess.At("names.txt"), Path.GetFullPath(ScriptProcess.At(run.WorkDir, record.Words)));
        Assert.Equal((ScriptRun.Steps, 270, 30), (record.Steps, record.Train, record.Test));
        Assert.True(record.MillisecondsPerStep > 0);
        var evaluation = JsonFile.Read<EvaluationRecord>(run.Saved("evaluation.json")).Value();
        Assert.Equal((record.Model, record.Parameters), (evaluation.Model, evaluation.Parameters));
        Assert.Equal(evaluation.Evaluation.Test.Tokens, evaluation.Evaluation.Breakdown.ByTarget.Sum(group => group.Loss.Tokens));
        Assert.Equal(20, evaluation.Evaluation.Samples!.Count);
        Assert.False(evaluation.Evaluation.Memorization!.IsFlagged);
        Assert.Contains($"saved model's test loss: {evaluation.Evaluation.Test.Nats:0.0000} ", run.Outcome.Output);
    }

    [Theory]
    [InlineData("mlp"), InlineData("transformer")]
    public void Evaluate_Json_HasTheLossOfEachWord(string script)
    {
        var run = ScriptRun.Of(script);
        File.WriteAllLines(ScriptProcess.At("few.txt"), ["emma", "ava", "bo"]);
        var text = run.Again("--evaluate", "few.txt", "--json").Outcome.Output;
        var losses = JsonFile.Parse<HeldLossesRecord>(text).Value();
        Assert.DoesNotContain('\n', text);
        Assert.Equal([5, 4, 3], losses.Tokens);
        Assert.Equal(losses.Nats.Sum() / 12, losses.Loss.Nats, 1e-9);
        Assert.Equal(3, losses.Nats.Count);
        Assert.InRange(losses.Loss.Nats, 1, 5);
    }

    [Fact]
    public void Evaluate_Text_IsATable()
    {
        var lines = ScriptRun.Of("mlp").Again("--evaluate", "names.txt").Outcome.Output.Split('\n');
        Assert.Matches(@"^words +nats +std error +bits +perplexity +tokens$", lines[0]);
        Assert.Matches(@"^all +\d\.\d{4} +0\.\d{4} +\d\.\d{4} +\d+\.\d\d +\d+$", lines[1]);
        Assert.Contains(lines, line => line.StartsWith("position 1 ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("length 5 ", StringComparison.Ordinal));
    }

    [Fact]
    public void SampleOnly_Json_HasTheSamplesOfTheRun()
    {
        var run = ScriptRun.Of("gru");
        var samples = JsonFile.Parse<SamplesRecord>(run.Again("--sample-only", "--json").Outcome.Output).Value();
        Assert.Equal("gru", samples.Model);
        Assert.Equal(
            run.Samples.Split('\n').Where(line => !line.EndsWith(':')).Order(),
            samples.Samples.Select(sample => sample.Text + (sample.Finished ? "" : SampleGroups.CutMark)).Order());
    }

    [Fact]
    public void MaxSeconds_Reached_StopsCleanly()
    {
        var run = ScriptRun.Run("mlp", "--max-steps", "100000000", "--max-seconds", "1");
        Assert.Contains("\nstopped: the time limit of 1 s is reached\n", run.Outcome.Output);
        Assert.InRange(JsonFile.Read<RunRecord>(run.Saved("run.json")).Value().Steps!.Value, 1, 99_999_999);
    }

    [Fact]
    public void Memorization_OverfittedModel_IsFlagged()
    {
        var run = ScriptRun.Run(
            "mlp", "--max-steps", "1500", "--n-embd", "24", "--n-embd2", "100", "--learning-rate", "0.01", "--batch-size", "64",
            "--eval-every", "2000", "--report-samples", "500");
        var memorization = JsonFile.Read<EvaluationRecord>(run.Saved("evaluation.json")).Value().Evaluation.Memorization!;
        Assert.True(memorization.IsFlagged, $"{memorization}");
        Assert.Contains("\nwarning: the model repeats its training words", run.Outcome.Output);
    }
}
