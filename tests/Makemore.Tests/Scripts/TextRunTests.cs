using System.Collections.Concurrent;

namespace Makemore.Tests.Scripts;

/// <summary>Runs with --text: one stream instead of words.</summary>
public sealed class TextRunTests
{
    private const string Arguments = "--text text.txt --block-size 16";

    private static readonly string Text = ScriptProcess.At("text.txt");
    private static readonly ConcurrentDictionary<string, Lazy<ScriptRun>> Counted = new();

    /// <summary>The names again and again, so that the pieces are longer than a block, and of several KiB.</summary>
    static TextRunTests() => File.WriteAllText(Text, string.Concat(Enumerable.Repeat(File.ReadAllText(ScriptProcess.At("names.txt")), 40)));

    [Theory, InlineData("bigram --neural"), InlineData("ngram"), InlineData("transformer")]
    public void Run_OnAText_LearnsAndWritesOne(string script)
    {
        var run = Run(script);
        Assert.Matches(@"^data: a text of \d+ bytes; tokens: \d+ train, \d+ validation, \d+ test\n", run.Outcome.Output);
        Assert.Matches(@"saved model's test loss: \d\.\d{4} ± \d\.\d{4} \(\d\.\d{4} ± \d\.\d{4} bits per byte\)\n", run.Outcome.Output);
        var page = File.ReadAllText(run.Saved("report.html"));
        Assert.Contains("windows of 16 tokens of a text", page);
        Assert.DoesNotContain("Loss by length", page);
    }

    [Fact]
    public void SavedModel_OfAText_WritesAsManyTokensAsAsked()
    {
        var run = Run("transformer");
        Assert.Equal(9, Sample("--num-tokens", "9").Length);
        Assert.Equal(Sample("--num-tokens", "9"), Sample("--num-tokens", "40")[..9]);
        Assert.StartsWith("emma\nol", Sample("--prompt", "emma\nol", "--num-tokens", "5"));
        Assert.Equal("emma\nol", Sample("--prompt", "emma\nol", "--num-tokens", "0"));
        File.WriteAllText(ScriptProcess.At("prompt.txt"), "emma\r\n");
        Assert.StartsWith("emma\n", Sample("--prompt-file", ScriptProcess.At("prompt.txt"), "--num-tokens", "5"));

        string Sample(params string[] arguments)
        {
            var outcome = run.Again(["--sample-only", .. arguments]).Outcome;
            Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
            return outcome.Output;
        }
    }

    [Fact]
    public void Evaluate_OfItsTestPiece_IsTheLossAtTheEnd()
    {
        var run = Run("transformer");
        var piece = ScriptProcess.At("piece.txt");
        File.WriteAllText(piece, Corpus.Read(new(Text, IsText: true)).Value().Split.Test[0]);
        var test = JsonFile.Read<EvaluationRecord>(run.Saved("evaluation.json")).Value().Evaluation;
        var held = JsonFile.Parse<HeldLossesRecord>(run.Again("--evaluate", piece, "--json").Outcome.Output).Value();
        Assert.Equal(test.Test, held.Loss);
        Assert.Equal(test.TestPerByte!.Tokens, held.Bytes!.Sum());
        Assert.Contains("bits per byte: ", run.Again("--evaluate", piece).Outcome.Output);
    }

    [Fact]
    public void Run_OnATextOnDisk_EndsWithTheSameBits()
    {
        var memory = ScriptRun.Run($"mlp {Arguments} --vocabulary bytes", "--threads", "1", "--max-steps", "6");
        var disk = ScriptRun.Run($"mlp {Arguments} --vocabulary bytes", "--threads", "1", "--max-steps", "6", "--in-memory", "0");
        Assert.True(File.Exists(Text + ".bytes.tokens"));
        Assert.Equal(memory.Files.Model, disk.Files.Model);
        Assert.Equal(memory.Files.State, disk.Files.State);
    }

    [Fact]
    public void Resume_OnAText_EndsWithTheSameBits()
    {
        var half = ScriptRun.Run($"mlp {Arguments}", "--threads", "1", "--max-steps", "6");
        var whole = ScriptRun.Run($"mlp {Arguments}", "--threads", "1", "--max-steps", "12");
        var resumed = half.Again("--threads", "1", "--resume", "--max-steps", "12");
        Assert.Equal(whole.Files.Model, resumed.Files.Model);
        Assert.Equal(whole.Files.State, resumed.Files.State);
    }

    /// <summary>Neither block sizes nor tokens need be the same.</summary>
    [Fact]
    public void Compare_OnAText_IsPerByteAndByKibibyte()
    {
        ScriptRun[] runs = [Run("ngram"), Run("transformer"), ScriptRun.Run($"mlp {Arguments} --vocabulary bpe:270", "--threads", "1", "--max-steps", "4")];
        var outcome = InProcess.Run(
            ScriptFile.PathOf("compare"), ScriptProcess.Folder,
            [.. runs.Select(run => Path.Combine(ScriptProcess.Folder, run.WorkDir)), "-o", "compared-texts"]).Outcome;
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var record = JsonFile.Read<ComparisonRecord>(ScriptProcess.At("compared-texts", "comparison.json")).Value();
        Assert.Equal("byte", record.Unit);
        foreach (var (run, compared) in runs.Zip(record.Runs))
        {
            var own = JsonFile.Read<EvaluationRecord>(run.Saved("evaluation.json")).Value().Evaluation.TestPerByte!;
            Assert.Equal(own.Nats, compared.Test.Nats, 1e-6);
        }
    }

    private static ScriptRun Run(string script) => script == "ngram"
        ? Counted.GetOrAdd(script, _ => new(() => ScriptRun.Run($"{script} {Arguments}", "--threads", "1"))).Value
        : ScriptRun.Of($"{script} {Arguments}");

    [Theory]
    [InlineData("--text text.txt -i names.txt", "mlp: --text excludes --input-file")]
    [InlineData("--text text.txt --windows", "mlp: --text excludes --windows")]
    [InlineData("--text text.txt --num 3", "mlp: --num is for models of words; of a text there is one sample, of --num-tokens")]
    [InlineData("-i names.txt --num-tokens 3", "mlp: --num-tokens is for models of a text")]
    [InlineData("--text text.txt --block-size 99999", "mlp: text.txt: the training piece of the text has * tokens, and a block of 99999 and its next token do not fit; lower --block-size below *, or give other shares with --split")]
    [InlineData("--text none.txt", "mlp: none.txt: no such file")]
    [InlineData("--text text.txt --prompt É", "mlp: --prompt: 'É' has 'É', which is not in the vocabulary")]
    [InlineData("--text text.txt --prompt a --prompt-file b", "mlp: --prompt excludes --prompt-file")]
    public void Run_OfABadText_SaysItInALine(string arguments, string line)
    {
        var outcome = InProcess.Run(
            ScriptFile.PathOf("mlp"), ScriptProcess.Folder, [.. arguments.Split(' '), "-o", "bad-text"]).Outcome;
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Matches($"^{System.Text.RegularExpressions.Regex.Escape(line).Replace(@"\*", @"\d+")}$", outcome.Error);
    }
}
