namespace Makemore;

/// <summary>The whole ladder, trained for a comparison.</summary>
public sealed partial class Comparison
{
    /// <summary>The share of a model's time that goes into learning its pace: enough for the machine to have warmed to
    /// it.</summary>
    private const double ShareOfTrial = 0.08;

    /// <summary>What is left of the rest for steps: evaluations take some.</summary>
    private const double ShareOfSteps = 0.8;

    private static readonly string[] Counted = ["bigram", "ngram"];

    private static readonly string[] Ladder =
        [.. Counted, "mlp", "batchnorm", "wavenet", "rnn", "lstm", "gru", "bow", "transformer"];

    /// <summary>Trains the ladder where that was asked for. Each model gets an equal share of the time: a short trial tells its
    /// pace, and so how many steps fit, because a rate that follows a schedule has to know its length. A model that is
    /// slower than it seemed is stopped at the end of its share.</summary>
    public void Train()
    {
        if (!Get<bool>("--train"))
            return;
        var seconds = Get<double>("--minutes") * 60 / Ladder.Length;
        foreach (var model in Ladder)
        {
            if (Counted.Contains(model))
                Start(model, Measured);
            else
                Train(model, seconds);
            _reporter.Say($"{model}: {(Read(model) is { Steps: { } steps } ? $"{steps} steps" : "counted")}");
        }
    }

    private void Train(string model, double seconds)
    {
        Start(model, "--report-samples", "0", "--max-steps", $"{int.MaxValue}", "--max-seconds", Whole(seconds * ShareOfTrial));
        var steps = seconds * (1 - ShareOfTrial) * ShareOfSteps * 1000 / Read(model).MillisecondsPerStep!.Value;
        Start(model, [.. Measured, "--max-steps", Whole(steps), "--max-seconds", Whole(seconds * (1 - ShareOfTrial))]);
    }

    private string[] Measured => ["--report-samples", $"{Get<int>("--samples")}"];

    /// <summary>A number as an option that takes a whole one of 1 or more.</summary>
    private static string Whole(double value) => Numbers.Show(Math.Max(1, value), "0");

    private string[] Words => Get<string?>("--input-file") is { } words ? ["-i", words] : [];

    private RunRecord Read(string model) => OrStop(FinishedRun.Read(InWorkDir(model))).Record;

    private void Start(string model, params string[] arguments) => OrStop(ScriptHost.Listen(
        Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(_scripts, $"{model}.csx")),
        ["-o", InWorkDir(model), .. Words, .. arguments],
        _ => { }));
}
