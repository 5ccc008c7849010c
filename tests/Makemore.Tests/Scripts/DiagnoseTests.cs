using System.Text.Json;

namespace Makemore.Tests.Scripts;

/// <summary>Runs with --diagnose.</summary>
public sealed class DiagnoseTests
{
    public static TheoryData<string> Names => ["lstm", "batchnorm", "transformer"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Diagnose_AnyScript_ChangesNoBit(string script) => ScriptRun.Of(script).AssertSameBits(
        ScriptRun.Run(script, "--diagnose", "--threads", "1", "--max-steps", $"{ScriptRun.Steps}"));

    /// <summary>With --accumulate 40 only every 40th batch updates the parameters, and only such steps are inspected.</summary>
    [Theory]
    [InlineData("1", new long[] { 0, 100 })]
    [InlineData("40", new long[] { 39, 119 })]
    public void Diagnose_EveryHundredSteps_WritesASnapshot(string accumulate, long[] steps)
    {
        var run = ScriptRun.Run(
            "mlp", "--diagnose", "--max-steps", "121", "--eval-every", "60", "--accumulate", accumulate);
        var snapshots = File.ReadLines(run.Saved("diagnostics.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(steps, snapshots.Select(snapshot => snapshot.GetProperty("step").GetInt64()));
        Assert.All(snapshots, snapshot =>
        {
            var layer = Assert.Single(snapshot.GetProperty("activations").EnumerateArray());
            Assert.Equal("mlp.0", layer.GetProperty("layer").GetString());
            Assert.InRange(layer.GetProperty("saturated").GetDouble(), 0, 1);
            Assert.All(snapshot.GetProperty("leaves").EnumerateArray(), leaf =>
            {
                Assert.InRange(leaf.GetProperty("update_to_data").GetDouble(), -5, 0);
                Assert.InRange(leaf.GetProperty("gradient").GetDouble(), 1e-6, 1);
            });
            Assert.Equal(5, snapshot.GetProperty("leaves").GetArrayLength());
        });
        Assert.Contains("\ndiagnosis, medians of 2 snapshots, ", run.Outcome.Output);
        Assert.Contains("\nmlp.0 tanh ", run.Outcome.Output);
    }

    [Fact]
    public void Diagnose_LearningRateTooHigh_IsFlaggedWithARemedy() => Assert.Matches(
        @"\nmlp\.2\.weight +updates too large [^\n]*\nupdates too large: [^\n]*mlp\.2\.weight; try a lower --learning-rate",
        ScriptRun.Run("mlp", "--diagnose", "--max-steps", "2", "--learning-rate", "1").Outcome.Output);
}
