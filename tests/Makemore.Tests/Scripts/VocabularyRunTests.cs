namespace Makemore.Tests.Scripts;

/// <summary>Runs with --vocabulary: bytes and byte pairs instead of characters.</summary>
public sealed class VocabularyRunTests
{
    /// <summary>A run of mlp.csx, which is run once.</summary>
    internal static ScriptRun Run(string vocabulary) => ScriptRun.Of("mlp --vocabulary " + vocabulary);

    [Theory, InlineData("bytes", 257, "tokens: bytes\n"), InlineData("bpe:270", 270, "tokens: bytes, and ")]
    public void Run_OfOtherTokens_SaysSoAndGivesBitsPerByte(string vocabulary, int size, string tokens)
    {
        var run = Run(vocabulary);
        Assert.Contains($"vocabulary: {size} tokens; block size ", run.Outcome.Output);
        Assert.Contains(tokens, run.Outcome.Output);
        Assert.Matches(@"saved model's test loss: \d\.\d{4} ± 0\.\d{4} \(\d\.\d{4} ± 0\.\d{4} bits per byte\)", run.Outcome.Output);
        Assert.Contains("<h2>Tokens of a passage</h2>", File.ReadAllText(run.Saved("report.html")));
    }

    [Fact]
    public void SavedModel_OfBytePairs_SamplesAndEvaluatesWithThem()
    {
        var run = Run("bpe:270");
        var samples = run.Again("--sample-only", "--num", "2", "--prompt", "Zoë").Outcome;
        Assert.Equal((0, ""), (samples.ExitCode, samples.Error));
        Assert.Equal(2, samples.Output.Split("Zoë").Length - 1);
        var loss = run.Again("--evaluate", "names.txt").Outcome;
        Assert.Matches(@"\nbits per byte: \d\.\d{4} ± 0\.\d{4}\n", loss.Output);
    }

    [Fact]
    public void Resume_OfBytePairs_EndsWithTheSameBits()
    {
        var half = ScriptRun.Run("mlp --vocabulary bpe:270", "--threads", "1", "--max-steps", "6");
        Run("bpe:270").AssertSameBits(half.Again("--threads", "1", "--resume", "--max-steps", $"{ScriptRun.Steps}"));
    }

    [Theory]
    [InlineData("--vocabulary bpe:9", "mlp: --vocabulary bpe:9: give characters, bytes, or bpe:N for a vocabulary of N tokens, more than the 257 of bytes")]
    [InlineData("--vocabulary bytes --from x", "mlp: --from excludes --vocabulary")]
    [InlineData(
        "--vocabulary bpe:99999",
        "mlp: names.txt: 99999 tokens cannot be learned from the training words: no pair occurs twice once there are \\d+; give --vocabulary bpe:\\d+")]
    [InlineData("--vocabulary bytes --block-size 5", "mlp: names.txt: line \\d+: '\\w+' has \\d+ tokens and does not fit: --block-size must be \\d+ or more, not 5")]
    public void Run_OfABadVocabulary_SaysItInALine(string arguments, string line)
    {
        var outcome = InProcess.Run(
            ScriptFile.PathOf("mlp"), ScriptProcess.Folder, ["-i", "names.txt", "-o", "bad-vocabulary", .. arguments.Split(' ')]).Outcome;
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Matches($"^{line}$", outcome.Error);
    }
}
