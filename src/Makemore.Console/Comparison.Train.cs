using System.Globalization;

namespace Makemore;

/// <summary>The whole ladder, trained for a comparison.</summary>
public sealed partial class Comparison
{
    private const int StepsTried = 40;

    /// <summary>What is left of a model's time for steps: evaluations and the start take the rest.</summary>
    private const double ShareOfSteps = 0.8;

    private static readonly string[] Counted = ["bigram", "ngram"];

    private static readonly string[] Ladder =
        [.. Counted, "mlp", "batchnorm", "wavenet", "rnn", "lstm", "gru", "bow", "transformer"];

    /// <summary>Trains the ladder where that was asked for. Each model gets an equal share of the time: a few steps tell its
    /// pace, and so how many steps fit, because a rate that follows a schedule has to know its length. A model that is
    /// slower than it seemed is stopped at the end of its share.</summary>
    public void Train()
    {
        if (!Get<bool>("--train"))
            return;
        var seconds = Math.Max(1, Get<double>("--minutes") * 60 / Ladder.Length);
        foreach (var model in Ladder)
        {
            if (!Counted.Contains(model))
                Start(model, "--report-samples", "0", "--max-steps", $"{StepsTried}");
            Start(model, Counted.Contains(model) ? [] : Course(model, seconds));
            _reporter.Say($"{model}: {(Read(model) is { Steps: { } steps } ? $"{steps} steps" : "counted")}");
        }
    }

    private string[] Words => Get<string?>("--input-file") is { } words ? ["-i", words] : [];

    private string[] Course(string model, double seconds)
    {
        var steps = Math.Max(1, seconds * ShareOfSteps * 1000 / Read(model).MillisecondsAStep!.Value);
        return
        [
            "--max-steps", steps.ToString("0", CultureInfo.InvariantCulture),
            "--max-seconds", seconds.ToString("0", CultureInfo.InvariantCulture),
        ];
    }

    private RunRecord Read(string model) => OrStop(FinishedRun.Read(InWorkDir(model))).Record;

    private void Start(string model, params string[] arguments) => OrStop(ScriptHost.Listen(
        Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(_scripts, $"{model}.csx")),
        ["-o", InWorkDir(model), .. Words, .. arguments],
        _ => { }));
}
