using System.Text.Json;

namespace Makemore.Tests.Scripts;

/// <summary>What --diagnose adds to a run.</summary>
public sealed class DiagnoseTests
{
    public static TheoryData<string> Names => ["lstm", "batchnorm", "transformer"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Diagnose_ChangesNoBit(string script) => ScriptRun.Of(script).AssertSameBits(
        ScriptRun.Run(script, "--diagnose", "--threads", "1", "--max-steps", $"{ScriptRun.Steps}"));

    /// <summary>Each 40 batches make a step, so the looks are at the steps that have updates.</summary>
    [Theory]
    [InlineData("1", new long[] { 0, 100 })]
    [InlineData("40", new long[] { 39, 119 })]
    public void Diagnose_EveryHundredSteps_WritesALineAndATable(string accumulate, long[] steps)
    {
        var run = ScriptRun.Run(
            "mlp", "--diagnose", "--max-steps", "121", "--eval-every", "60", "--accumulate", accumulate);
        var looks = File.ReadLines(run.Saved("diagnostics.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(steps, looks.Select(look => look.GetProperty("step").GetInt64()));
        Assert.All(looks, look =>
        {
            var layer = Assert.Single(look.GetProperty("activations").EnumerateArray());
            Assert.Equal("mlp.0", layer.GetProperty("layer").GetString());
            Assert.InRange(layer.GetProperty("saturated").GetDouble(), 0, 1);
            Assert.All(look.GetProperty("leaves").EnumerateArray(), leaf =>
            {
                Assert.InRange(leaf.GetProperty("update_to_data").GetDouble(), -5, 0);
                Assert.InRange(leaf.GetProperty("gradient").GetDouble(), 1e-6, 1);
            });
            Assert.Equal(5, look.GetProperty("leaves").GetArrayLength());
        });
        Assert.Contains("\ndiagnosis, medians of 2 snapshots, ", run.Outcome.Output);
        Assert.Contains("\nmlp.0 tanh ", run.Outcome.Output);
    }

    [Fact]
    public void Diagnose_OfARateThatIsTooHigh_MarksItAndSaysWhatToTry() => Assert.Matches(
        @"\nmlp\.2\.weight [^\n]* updates too large\nupdates too large: [^\n]*mlp\.2\.weight; try a lower --learning-rate",
        ScriptRun.Run("mlp", "--diagnose", "--max-steps", "2", "--learning-rate", "1").Outcome.Output);
}
