namespace Makemore.Tests.Scripts;

/// <summary>The checks of a model, and the start of its training, on models with one flaw each.</summary>
public sealed class FlawTests
{
    /// <summary>A model whose flaw is an option: one that is sound, one that only begins with zeros, and wrong ones.</summary>
    private const string Flawed = """
        #load "PRELUDE"

        public sealed record Flawed(Embedding Wte, Linear Hidden, Linear Head, Tensor Gain);

        var option = Option.Number("--flaw", 0, "which flaw", min: 0);
        var run = Run.Open(Args, "flawed", "A model with a flaw.", [Option.Training(), Option.NEmbd(8), option]);
        var (V, E, flaw) = (run.VocabSize, run.NEmbd, run.Get(option));
        var model = Model.FromForward<Flawed>(
            run.Name, run.BlockSize,
            key => new(
                Embedding.Init(key.At(0), V, E), Linear.Init(key.At(1), E, E),
                flaw == 1 ? new(Tensor.Zeros([V, E]), Tensor.Zeros([V])) : Linear.Init(key.At(2), E, flaw == 4 ? 64 : V), Tensor.Ones([E])),
            (p, ids) =>
            {
                var x = Tanh(p.Hidden.Forward(p.Wte.Forward(ids)));
                var logits = p.Head.Forward(flaw == 2 ? x : x * p.Gain);
                return flaw switch
                {
                    3 => Log(logits * 0 - 1),
                    5 => logits * 20,
                    6 => logits + Mean(logits, 1, keepDimension: true) * 1e-6f,
                    7 => logits + Mean(logits, 1, keepDimension: true) * 1e-2f,
                    _ => logits,
                };
            });
        return run.Fit(model);
        """;

    private static readonly string Path = Write();

    [Theory]
    [InlineData(0, "start: sound; the loss before the first step is 3.", "gradients: sound", "step: sound", "forward: sound; no position sees later characters\n")]
    [InlineData(1, "start: sound", "gradients: sound", "step: sound", "forward: sound; no position sees later characters\n")]
    [InlineData(2, "gradients: NOT sound; the loss does not depend on gain\n", "UNUSED\n")]
    [InlineData(
        3, "start: NOT sound; the loss before the first step is not a number, ", " NOT A NUMBER\n",
        "gradients: NOT sound; the loss, or its gradient, is not a finite number, with respect to wte.weight, hidden.weight,",
        "forward: NOT sound; some of its logits, or of step's, are not a number\n", "; NOT sound, the loss is not a finite number\n")]
    [InlineData(5, "start: NOT sound; ", "; the logits of 'head' are too wide, with a standard deviation of ")]
    [InlineData(6, "forward: sound; no position sees later characters, which change the logits before them only by rounding, ")]
    [InlineData(7, "forward: NOT sound; a later character changes the logits before it by ")]
    public void Checks_OfAModel_GiveItsVerdict(int flaw, params string[] verdicts)
    {
        var outcome = Run(flaw, "--check-gradients", "--overfit-batch");
        Assert.Equal((outcome.Output.Contains("NOT sound", StringComparison.Ordinal) ? 1 : 0, ""), (outcome.ExitCode, outcome.Error));
        Assert.All(verdicts, verdict => Assert.Contains(verdict, outcome.Output + "\n"));
    }

    [Theory]
    [InlineData("--check-gradients"), InlineData("--overfit-batch"), InlineData("--max-steps 2")]
    public void LogitsOfTheWrongWidth_AnyUse_AreRefusedBeforeTheFirstStep(string use)
    {
        var outcome = Run(4, use.Split(' '));
        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith("flawed: wrong width: the model's logits are 64 wide, and there are 27 tokens; ", outcome.Error);
        Assert.DoesNotContain("\n", outcome.Error);
    }

    [Fact]
    public void Training_FromWideLogits_WarnsAtTheStartAndAtTheEnd()
    {
        var output = Run(5, "--max-steps", "2").Output;
        Assert.Matches(
            @"(?m)^warning: the loss before the first step is \d+\.\d{4}, that of a uniform guess ln 27 = 3\.2958; the logits of 'head' are too wide,",
            output);
        Assert.Matches(@"(?m)^warning: the run ends at a test loss of \d+\.\d{4}, above that of a uniform guess, ln 27 = 3\.2958: it diverged,", output);
    }

    private static Script.Outcome Run(int flaw, params string[] arguments) => InProcess.Run(
        Path, ScriptProcess.Folder,
        ["-i", "names.txt", "-o", $"runs/flaw-{flaw}-{Guid.NewGuid():N}", "--flaw", $"{flaw}", "--report-samples", "20", "--learning-rate", "0.01", .. arguments]).Outcome;

    private static string Write()
    {
        var path = ScriptProcess.At("flawed.csx");
        File.WriteAllText(path, Flawed.Replace("PRELUDE", ScriptFile.PathOf("prelude").Replace('\\', '/'), StringComparison.Ordinal));
        return path;
    }
}
