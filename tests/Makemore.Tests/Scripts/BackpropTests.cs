using System.Text.RegularExpressions;

namespace Makemore.Tests.Scripts;

/// <summary>backprop.csx: the gradients of lecture 4, by hand.</summary>
public sealed partial class BackpropTests
{
    private const int Values = 26, ShortForms = 2;

    [Theory, InlineData("3407"), InlineData("1")]
    public void Gradients_ByHand_AgreeWithAutograd(string seed)
    {
        var outcome = InProcess.Run(
            ScriptFile.PathOf("backprop"), ScriptProcess.Folder, ["-i", "names.txt", "--seed", seed]).Outcome;
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(Enumerable.Repeat("ok", Values + ShortForms), Verdicts(outcome));
        Assert.EndsWith("\nall agree", outcome.Output);
    }

    /// <summary>A wrong sign in the middle of the graph shows from there on, and the exit code is 1.</summary>
    [Fact]
    public void Gradients_OneWrong_IsDetected()
    {
        using var folder = new TemporaryFolder();
        var text = File.ReadAllText(ScriptFile.PathOf("backprop"));
        var wrong = text.Replace("\"prelude.csx\"", $"\"{ScriptFile.PathOf("prelude").Replace('\\', '/')}\"")
            .Replace("-Sum(dbndiff, 0)", "Sum(dbndiff, 0)");
        var outcome = InProcess.Run(
            folder.Write("wrong.csx", wrong), ScriptProcess.Folder, ["-i", "names.txt"]).Outcome;
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Error));
        var before = Enumerable.Repeat("ok", 19); // from dlogprobs to dbndiff
        Assert.Equal(
            [.. before, .. Enumerable.Repeat("WRONG", Values - 19), .. Enumerable.Repeat("ok", ShortForms)], Verdicts(outcome));
    }

    private static IEnumerable<string> Verdicts(Script.Outcome outcome) =>
        Verdict().Matches(outcome.Output).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"^d\w+ +\([0-9, ]+\) +largest \S+ +difference \S+ +(\w+)$", RegexOptions.Multiline)]
    private static partial Regex Verdict();
}
