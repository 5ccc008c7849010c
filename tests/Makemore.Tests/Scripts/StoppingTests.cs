using System.Globalization;
using System.Text.RegularExpressions;

namespace Makemore.Tests.Scripts;

/// <summary>Runs that overfit, run out of patience or diverge.</summary>
public sealed partial class StoppingTests
{
    private static readonly Lazy<ScriptRun> Overfitted = new(() => ScriptRun.Run(
        "transformer", "--max-steps", "2000", "--eval-every", "50", "--patience", "3", "--n-embd", "32",
        "--batch-size", "64", "--learning-rate", "0.01", "--threads", "2"));

    [Fact]
    public void Run_Overfitting_WarnsOnce() =>
        Assert.Single(Overfitted.Value.Outcome.Output.Split('\n'), line => line.StartsWith("warning: since step ", StringComparison.Ordinal));

    [Fact]
    public void Patience_Exhausted_StopsAndSavesTheBestModel()
    {
        var output = Overfitted.Value.Outcome.Output;
        var losses = Evaluation().Matches(output).Select(match => match.Groups[1].Value).ToArray();
        var best = losses.MinBy(loss => double.Parse(loss, CultureInfo.InvariantCulture));
        Assert.True(losses.Length < 40, "it did not stop early");
        Assert.Equal(best, losses[^4]);
        Assert.Contains("\nstopped: the test loss has not improved in 3 evaluations\n", output);
        Assert.Contains($"\nsaved model's test loss: {best} ± ", output);
    }

    /// <summary>The learning rate grows with each step, and with weight decay the parameters grow like a factorial.</summary>
    [Fact]
    public void Loss_NotFinite_StopsAndKeepsTheLastGoodState()
    {
        const string Work = "runs/diverged";
        var (_, outcome) = InProcess.Run(
            ScriptFile.PathOf("mlp"), ScriptProcess.Folder, ["-i", "names.txt", "-o", Work, "--optimizer", "sgd", "-l", "1e9", "--warmup", "1000000000",
            "--weight-decay", "0.5", "--eval-every", "1", "--n-embd", "4", "--n-embd2", "4", "-b", "4", "--num", "1",
            "--report-samples", "20"]);
        Assert.Matches(
            @"^mlp: step \d+: the loss is ((NaN|Infinity), and|[0-9E+.]+, but) '[a-z0-9.]+' has numbers that are not finite; "
            + @"the last good checkpoint is runs/diverged/state\.safetensors, of step \d+ or later; "
            + "try a lower --learning-rate, or --grad-clip 1$",
            outcome.Error.Replace('\\', '/'));
        Assert.Equal(1, outcome.ExitCode);
        Assert.All(["state.safetensors", "model.safetensors"], file =>
            Assert.All(
                Safetensors.Read(ScriptProcess.At(Work, file)).Value().Leaves,
                leaf => Assert.All(leaf.Value.ToArray(), value => Assert.True(float.IsFinite(value), leaf.Name))));
    }

    [GeneratedRegex(@"^step \d+ train loss: \S+ test loss: (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Evaluation();
}
