using System.Globalization;
using System.Text.RegularExpressions;
using Makemore.Tests.Script;

namespace Makemore.Tests.Scripts;

/// <summary>Run.Fit: the model that it saves, and losses and steps of a script's own.</summary>
public sealed partial class FitTests : IDisposable
{
    /// <summary>A loss of the script's own: the cross-entropy with an entropy bonus.</summary>
    private const string EntropyBonus = """
        Tensor Loss(Mlp p, Batch batch, Key key)
        {
            var logits = mlp.Train(p, batch, key).Logits;                       // (B, T, V)
            var probabilities = Softmax(logits);                                // (B, T, V)
            var entropy = -Mean(Sum(probabilities * Log(probabilities), -1));   // ()
            return CrossEntropy(logits, batch.Y) - (entropy * 0.1f);
        }

        return run.Fit(mlp, loss: Loss);
        """;

    /// <summary>A step of the script's own that equals the library's.</summary>
    private const string OwnStep = """
        StepResult<Mlp> Step(TrainState<Mlp> state, Batch batch, Key key)
        {
            var (loss, grads) = ValueAndGrad(state.Params, p => CrossEntropy(mlp.Train(p, batch, key).Logits, batch.Y));
            var (updates, optimizer) = state.Update(grads);
            return new(state.Next(Tree.Zip(state.Params, updates, (w, u) => w + u), optimizer), loss, grads);
        }

        return run.Fit(mlp, Step);
        """;

    private static readonly string[] Small =
        ["-i", "names.txt", "--n-embd", "4", "--n-embd2", "8", "--eval-every", "4", "--num", "3", "--report-samples", "20"];

    private readonly TemporaryFolder _folder = new();

    public FitTests() => File.Copy(ScriptProcess.At("names.txt"), _folder["names.txt"]);

    public static TheoryData<string> Trained => [.. ScriptFile.Trained];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Trained))]
    public void Fit_AnyScript_SavesTheBestModel(string script)
    {
        var run = ScriptRun.Of(script);
        var losses = Evaluated().Matches(run.Outcome.Output)
            .Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToArray();
        var saved = JsonFile.Read<EvaluationRecord>(run.Saved("evaluation.json")).Value().Evaluation.Test.Nats;
        Assert.Equal(ScriptRun.Steps / 4, losses.Length);
        Assert.Equal(losses.Min(), saved, 5e-5);
        // A model whose first steps are all in a schedule's warmup has learned something, if less than a uniform guess knows.
        Assert.True(saved < Math.Max(Math.Log(27), losses[0]), $"{saved}");
    }

    [Fact]
    public void OwnLoss_EntropyBonus_TrainsResumesAndPassesChecks()
    {
        var path = Tweaked(EntropyBonus);
        var whole = Run(path, "whole", "--max-steps", "12", "--diagnose");
        Assert.NotEqual(ScriptRun.Results(Run(ScriptFile.PathOf("mlp"), "usual", "--max-steps", "12")), ScriptRun.Results(whole));
        Run(path, "parts", "--max-steps", "5");
        Run(path, "parts", "--max-steps", "12", "--resume");
        foreach (var file in new[] { "model.safetensors", "state.safetensors" })
            Assert.Equal(File.ReadAllBytes(_folder[$"whole/{file}"]), File.ReadAllBytes(_folder[$"parts/{file}"]));
        Assert.Contains("<svg", File.ReadAllText(_folder["whole/report.html"]));
        Assert.Contains("\ndiagnosis, medians of 1 snapshots", whole);
        var checks = Run(path, "checks", "--check-gradients", "--overfit-batch");
        Assert.Matches("(?m)^gradients: sound", checks);
        Assert.Matches("(?m)^one word, .*; sound", checks);
    }

    [Fact]
    public void OwnStep_SameAsTheLibrarys_GivesTheSameModel()
    {
        var usual = Run(ScriptFile.PathOf("mlp"), "usual", "--max-steps", "12", "--diagnose");
        var own = Run(Tweaked(OwnStep), "own", "--max-steps", "12", "--diagnose");
        Assert.Equal(ScriptRun.Results(usual), ScriptRun.Results(own));
        Assert.Equal(Tensors("usual"), Tensors("own"));
        Assert.Matches("(?m)^gradients: sound", Run(Tweaked(OwnStep), "checks", "--check-gradients"));
        Assert.Matches("(?m)^rate: the loss is lowest at ", Run(Tweaked(OwnStep), "rates", "--find-lr"));
    }

    [Fact]
    public void OwnStep_WrongGradient_IsNotSound()
    {
        var outcome = InProcess.Run(
            Tweaked(OwnStep.Replace("loss, grads);", "loss, Tree.Map(grads, g => g * 2));")), _folder.FullName,
            [.. Small, "-o", "wrong", "--check-gradients"]).Outcome;
        Assert.Equal(1, outcome.ExitCode);
        Assert.Matches("(?m)^gradients: NOT sound; check the operations on wte.weight, ", outcome.Output);
    }

    /// <summary>A loss that updates the model's buffers, and a look at every event.</summary>
    private const string LossWithBuffers = """
        var seen = new List<string>();
        var exit = run.Fit(
            batchnorm,
            loss: (p, batch, key) =>
            {
                var (logits, updated) = batchnorm.Train(p, batch, key);
                return (CrossEntropy(logits, batch.Y), updated);
            },
            watch: happened => seen.Add(happened.GetType().Name.Split('`')[0]));
        run.Say($"seen: {string.Join(' ', seen.Distinct())}");
        return exit;
        """;

    [Fact]
    public void OwnLoss_ThatUpdatesBuffers_IsTheUsualOneAndResumes()
    {
        var tweak = Tweaked(LossWithBuffers, "batchnorm");
        var usual = Run(ScriptFile.PathOf("batchnorm"), "usual", "--max-steps", "12", "--schedule", "constant");
        var own = Run(tweak, "own", "--max-steps", "12", "--schedule", "constant");
        Assert.Contains("\nseen: Started Stepped Evaluated Sampled Saved Ended", own);
        Assert.Equal(ScriptRun.Results(usual), ScriptRun.Results(own).Split("\nseen: ")[0]);
        Assert.Equal(Tensors("usual"), Tensors("own"));
        Run(tweak, "parts", "--max-steps", "5", "--schedule", "constant");
        Run(tweak, "parts", "--max-steps", "12", "--resume");
        Assert.Equal(File.ReadAllBytes(_folder["own/state.safetensors"]), File.ReadAllBytes(_folder["parts/state.safetensors"]));
    }

    [Fact]
    public void OwnLoss_ThatForgetsTheBuffers_Throws() => Assert.Contains(
        "nothing updates the buffer 'bn.running_mean'",
        Assert.Throws<InvalidOperationException>(() => Run(
            Tweaked("return run.Fit(batchnorm, loss: (p, batch, key) => CrossEntropy(batchnorm.Forward(p, batch.X), batch.Y));", "batchnorm"),
            "forgot", "--max-steps", "2")).Message);

    [Fact]
    public void Option_ThatTheScriptUsesButDoesNotOffer_Throws() => Assert.Contains(
        "The script uses --n-layer, but does not offer it",
        Assert.Throws<InvalidOperationException>(() => Run(Tweaked("return run.NLayer;"), "unoffered")).Message);

    [Fact]
    public void Checks_WithLabelSmoothing_AreSound() => Assert.Matches(
        "(?m)^one word, .*; sound",
        Run(ScriptFile.PathOf("mlp"), "smoothed", "--overfit-batch", "--label-smoothing", "0.1"));

    [Fact]
    public void Interrupt_DuringTraining_StopsCleanly()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var outcome = InProcess.Run(
            ScriptFile.PathOf("mlp"), _folder.FullName, [.. Small, "-o", "stopped", "--max-steps", "1000000"], interrupt: source.Token).Outcome;
        Assert.Equal(130, outcome.ExitCode);
        Assert.Contains("\nsaved model's test loss: ", outcome.Output);
    }

    private string[] Tensors(string workDir) =>
    [
        .. Safetensors.Read(_folder[$"{workDir}/model.safetensors"]).Value().Leaves
            .Select(leaf => $"{leaf.Name} {string.Join(' ', leaf.Value.ToArray())}"),
    ];

    /// <summary>A script with a different last line, in another folder.</summary>
    private string Tweaked(string tail, string script = "mlp")
    {
        var prelude = Path.Combine(HostProcess.Repository, "scripts", "prelude.csx").Replace('\\', '/');
        var text = File.ReadAllText(ScriptFile.PathOf(script))
            .Replace("#load \"prelude.csx\"", $"#load \"{prelude}\"").Replace($"return run.Fit({script});", tail);
        Assert.Contains(tail, text);
        return _folder.Write($"{script}-{Guid.NewGuid():N}.csx", text);
    }

    private string Run(string path, string workDir, params string[] arguments)
    {
        var outcome = InProcess.Run(path, _folder.FullName, [.. Small, "-o", workDir, .. arguments]).Outcome;
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return outcome.Output;
    }

    [GeneratedRegex(@"^step \d+ train loss: \d\.\d{4} test loss: (\d\.\d{4})$", RegexOptions.Multiline)]
    private static partial Regex Evaluated();
}
