namespace Makemore.Tests.Scripts;

/// <summary>lens.csx, which looks inside finished runs.</summary>
public sealed class LensScriptTests
{
    [Fact]
    public void Lens_OfATransformer_NamesActivationsAndSaysWhatHeadsDo()
    {
        var run = ScriptRun.Of("transformer");
        var outcome = Lens(run.WorkDir);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Matches(@"\ntransformer\.h\.0\.attn\.c_attn\.softmax +Softmax +\(1, \d+, 1, 1\)\n", outcome.Output);
        Assert.Matches(@"\nhead +itself +one back +two back +start +without it: all +doubled +ends +hardest then\n1\.1 +0\.\d\d ", outcome.Output);
        Assert.EndsWith($"report: {run.WorkDir}/lens.html", outcome.Output.Replace('\\', '/'));
        var report = File.ReadAllText(run.Saved("lens.html"));
        Assert.Contains("<h2>Heads</h2>", report);
        Assert.Contains("<h2>Activations</h2>", report);
    }

    [Fact]
    public void Lens_WithAPrompt_SaysWhatComesNextAndWhy()
    {
        var run = ScriptRun.Of("transformer");
        var outcome = Lens(run.WorkDir, "--prompt", "em", "--target", "a");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Matches(@"^next: \S \d\.\d{3}( +\S \d\.\d{3}){4}\nif it ended after +p\(a\) +next\ntransformer\.wpe +0\.\d{3} ", outcome.Output);
        Assert.Matches(@"\ncharacter +saliency for a\n\. +\d\.\d{3}\ne +\d\.\d{3}\nm +\d\.\d{3}\nhead +contribution to ln p\(a\) ", outcome.Output);
        Assert.Contains("<h3>Logit lens</h3>", File.ReadAllText(run.Saved("lens.html")));
    }

    [Fact]
    public void Lens_OfAModelWithoutHeads_ExplainsByCharacter() =>
        Assert.Matches(@"\ncharacter +saliency for \S\n\. +\d\.\d{3}\nk +\d\.\d{3}\nreport: ", Lens(ScriptRun.Of("gru").WorkDir, "--prompt", "k").Output);

    [Theory]
    [InlineData("mlp", "mlp: --target needs --lens and --prompt", "--target", "a")]
    [InlineData("mlp", "mlp: --target: has 2 characters; name one", "--prompt", "e", "--target", "ab")]
    [InlineData("mlp", "mlp: --prompt: has 40 characters, and the model sees at most ", "--prompt", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("mlp", "mlp: --prompt: ", "--prompt", "E")]
    [InlineData("mlp", "mlp: --evaluate excludes --lens", "--evaluate", "names.txt")]
    public void Lens_OfBadInput_SaysItInALine(string script, string message, params string[] arguments)
    {
        var outcome = Lens([ScriptRun.Of(script).WorkDir, .. arguments]);
        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith(message, outcome.Error);
        Assert.DoesNotContain('\n', outcome.Error);
    }

    [Fact]
    public void Lens_OfAModelOutsideTensors_SaysSo()
    {
        var outcome = InProcess.Run(
            ScriptFile.PathOf("ngram"), ScriptProcess.Folder, ["-i", "names.txt", "-o", "lens/ngram", "--report-samples", "0"]).Outcome;
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal("ngram: ngram computes outside tensors, so there are no activations to look at", Lens("lens/ngram").Error);
    }

    private static Script.Outcome Lens(params string[] arguments) =>
        InProcess.Run(ScriptFile.PathOf("lens"), ScriptProcess.Folder, arguments).Outcome;
}
