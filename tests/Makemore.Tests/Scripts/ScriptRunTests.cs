using System.Text.RegularExpressions;

namespace Makemore.Tests.Scripts;

/// <summary>Runs of every script, from the command line.</summary>
public sealed partial class ScriptRunTests
{
    private static readonly string[] OnMachines = ["mlp", "gru", "transformer", "modern"];

    private static readonly string[] Machines = ["THE_SAME", "DOTNET_EnableAVX512", "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic"];

    public static TheoryData<string> Scripts => ScriptFile.All.Names();

    public static TheoryData<string> Trained => [.. ScriptFile.Trained];

    public static TheoryData<string, string> TrainedOnMachines =>
        (from script in OnMachines from machine in Machines select (script, machine)).Rows();

    [Theory]
    [MemberData(nameof(Trained))]
    public void Output_Redirected_HasTheFormatOfMakemore(string script)
    {
        var lines = ScriptRun.Of(script).Outcome.Output.Split('\n');
        Assert.Matches(DataLine(), lines[0]);
        Assert.Single(lines, line => ParametersLine().IsMatch(line));
        Assert.Equal(["10"], lines.Select(line => StepLine().Match(line)).Where(match => match.Success).Select(Number));
        Assert.Equal(
            ["4", "8", "12"], lines.Select(line => EvaluationLine().Match(line)).Where(match => match.Success).Select(Number));
        Assert.Equal(6, CountGroups(lines[Array.FindIndex(lines, line => GroupLine().IsMatch(line))..]));

        static string Number(Match match) => match.Groups[1].Value;
    }

    [Fact]
    public void Run_WordsOnDisk_GivesTheSameBits() => ScriptRun.Of("mlp").AssertSameBits(
        ScriptRun.Run("mlp", "--in-memory", "0", "--threads", "2", "--max-steps", $"{ScriptRun.Steps}"));

    [Theory]
    [MemberData(nameof(Trained))]
    public void SampleOnly_AfterARun_PrintsTheSameSamples(string script)
    {
        var run = ScriptRun.Of(script);
        var (before, again) = (run.Files, run.Again("--sample-only"));
        Assert.Equal(run.Samples, again.Outcome.Output);
        Assert.Equal(before.Model, run.Files.Model);
    }

    [Theory]
    [MemberData(nameof(TrainedOnMachines))]
    public void Law4_Run_OfTheSameSeed_GivesTheSameBitsOnEveryMachine(string script, string without)
    {
        var again = ScriptRun.InEnvironment((without, "0"), script, "--threads", "2", "--max-steps", $"{ScriptRun.Steps}");
        ScriptRun.Of(script).AssertSameBits(again);
        Assert.Equal(ScriptRun.Of(script).Output, again.Output);
    }

    [Theory]
    [MemberData(nameof(Trained))]
    // What a change of the modern Transformer replaces.
    [InlineData("modern --no-rotary"), InlineData("modern --no-rms-norm"), InlineData("modern --no-swiglu")]
    [InlineData("modern --no-grouped-queries"), InlineData("modern --no-qk-norm"), InlineData("modern --no-tying")]
    [InlineData("modern --biases"), InlineData("modern --optimizer adamw"), InlineData("transformer --optimizer muon")]
    public void Checks_OnEveryScript_SayThatItIsSound(string script)
    {
        var output = ScriptRun.Run(script, "--check-gradients", "--overfit-batch").Outcome.Output;
        Assert.Matches("(?m)^gradients: sound", output);
        Assert.Matches("(?m)^step: sound", output);
        Assert.Matches("(?m)^forward: sound", output);
        Assert.Matches("(?m)^one word, .*; sound", output);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Help_AnyScript_ExplainsEachOptionWithItsDefault(string script)
    {
        var options = ScriptFile.Of(script).Help.Split('\n')
            .Where(line => line.TrimStart().StartsWith('-') && !line.Contains("--help", StringComparison.Ordinal)).ToArray();
        Assert.True(options.Length > 10);
        Assert.All(options, line => Assert.Matches(@"  --[a-z0-9-]+ +\w|> +\w.* \[default: [^\]]+\]$|, --[a-z-]+ +\w", line));
    }

    /// <summary>The number of samples, read in groups to the end.</summary>
    private static int CountGroups(string[] lines)
    {
        var titles = new List<string>();
        var words = 0;
        for (var i = 0; i < lines.Length;)
        {
            var group = GroupLine().Match(lines[i]);
            Assert.True(group.Success, lines[i]);
            titles.Add(group.Groups[2].Value);
            words += int.Parse(group.Groups[1].Value);
            i += 1 + int.Parse(group.Groups[1].Value);
        }
        Assert.Equal(["in train", "in test", "new"], titles[..3]);
        return words;
    }

    [GeneratedRegex(@"^data: 300 words \(300 distinct\), 270 train, 30 test; ")]
    private static partial Regex DataLine();

    [GeneratedRegex(@"^[a-z-]+: \d+ parameters$")]
    private static partial Regex ParametersLine();

    [GeneratedRegex(@"^step (\d+) \| loss \d+\.\d{4} \| step time \d+\.\d\dms$")]
    private static partial Regex StepLine();

    [GeneratedRegex(@"^step (\d+) train loss: \d+\.\d{4} test loss: \d+\.\d{4}$")]
    private static partial Regex EvaluationLine();

    [GeneratedRegex(@"^(\d+) samples? (in train|in test|new|cut):$")]
    private static partial Regex GroupLine();
}
