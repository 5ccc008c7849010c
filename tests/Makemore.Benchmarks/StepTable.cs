using System.Diagnostics;
using System.Globalization;

namespace Makemore.Benchmarks;

/// <summary>
/// A table of milliseconds per training step, here and in PyTorch, taking turns in one run: batches of 32 names trimmed to
/// their longest, AdamW, the scripts' default sizes.
/// </summary>
/// <remarks>PyTorch is eager PyTorch as makemore.py uses it, with recurrent cells unrolled in Python and batches of whole blocks,
/// at the better of 1 and 2 threads. "untrimmed" is with batches of whole blocks here too. Before each turn there is a pause,
/// because idle threads, OpenBLAS's above all, spin for up to a tenth of a second and occupy a core.</remarks>
internal static class StepTable
{
    private const int Rounds = 8;
    private const int LeadIn = 5;
    private const double Goal = 2.06;
    private const int StepsPerEvaluation = 250;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1.5);
    private static readonly int Threads = Math.Min(2, Environment.ProcessorCount);

    public static void Print(IReadOnlyCollection<string> models)
    {
        using TorchSteps? one = TorchSteps.Start(1), two = TorchSteps.Start(2);
        var rate = TorchSteps.Rate();
        Say($"{Environment.ProcessorCount} cores, {Threads} threads here; {one?.Version ?? "no PyTorch"}"
            + (rate is { } r ? $", its products at {r:0} GFLOP/s per core" : ""));
        Say("| model | ms per step | untrimmed | PyTorch | ratio | ratio, untrimmed | products | PyTorch's products | gen 0/1/2 per 1000 | bytes per step | samples/s |");
        Say("|---|---|---|---|---|---|---|---|---|---|---|");
        var corpus = Corpus.Read(new(Repository.Words, null, null, false), Key.FromSeed(1))
            .IfLeft(fault => throw new InvalidOperationException($"{fault}"));
        foreach (var model in models)
            Say(Row(model, corpus, one, two, rate));
        if (models.Contains("transformer"))
            Say(TimeToGoal("transformer", corpus, one, two));
    }

    /// <summary>The time to train a model to a test loss, evaluations excluded.</summary>
    private static string TimeToGoal(string model, Corpus corpus, TorchSteps? one, TorchSteps? two)
    {
        var stepper = Stepper.Of(model, corpus, Threads);
        var (seconds, steps) = (0.0, 0);
        Thread.Sleep(Pause);
        do
            (seconds, steps) = (seconds + (stepper.Time(StepsPerEvaluation).Sum() / 1000), steps + StepsPerEvaluation);
        while (stepper.LossOn(corpus) > Goal);
        Thread.Sleep(Pause);
        var theirs = new[] { one, two }.OfType<TorchSteps>().Select(torch => torch.Until(model, Goal, corpus)).ToArray();
        var ours = string.Create(CultureInfo.InvariantCulture, $"{model} to a test loss of {Goal}: {seconds:0.0} s ({steps} steps)");
        if (theirs.Length == 0)
            return ours;
        var (best, count) = theirs.Min();
        return ours + string.Create(
            CultureInfo.InvariantCulture, $", PyTorch {best:0.0} s ({count} steps), ratio {best / seconds:0.0}");
    }

    private static string Row(string model, Corpus corpus, TorchSteps? one, TorchSteps? two, double? rate)
    {
        IStepper trimmed = Stepper.Of(model, corpus, Threads), whole = Stepper.Of(model, corpus, Threads, trim: false);
        var steps = Calibrate(trimmed, whole, one, two, model);
        List<double> ours = [], untrimmed = [], single = [], dual = [], multiplying = [];
        var (products, engine) = (trimmed.Products(), ManagedEngine.Create(Threads));
        var (garbage, fewer) = (default(Garbage), Math.Max(5, steps / 4));
        for (var round = 0; round < Rounds; round++)
        {
            var before = Garbage.Now;
            ours.AddRange(Turn(trimmed.Time, steps));
            garbage -= before - Garbage.Now;
            multiplying.Add(ProductTime.Of(products, engine));
            single.AddRange(Turn(n => one?.Time(model, n, trim: false) ?? [], fewer));
            untrimmed.AddRange(Turn(whole.Time, steps));
            dual.AddRange(Turn(n => two?.Time(model, n, trim: false) ?? [], fewer));
        }
        Thread.Sleep(Pause);
        var samples = trimmed.SamplesPerSecond();
        var (mine, all, theirs) = (ours.Median(), untrimmed.Median(), Math.Min(single.Median(), dual.Median()));
        var share = multiplying.Median() / mine;
        var bound = products.Sum(product => product.Flops) / (rate * Threads * 1e6);
        var thousands = (steps + LeadIn) * Rounds / 1000.0;
        return string.Create(CultureInfo.InvariantCulture,
            $"| {model} | {mine:0.000} | {all:0.000} | {theirs:0.000} | {theirs / mine:0.0} | {theirs / all:0.0} | {share:0 %} | {bound:0.000} ms | "
            + $"{garbage.Gen0 / thousands:0.#}/{garbage.Gen1 / thousands:0.#}/{garbage.Gen2 / thousands:0.#} | "
            + $"{garbage.Bytes / (1000 * thousands):0} | {samples:0} |");
    }

    /// <summary>The milliseconds of a number of steps, after a pause and a few steps that are not counted.</summary>
    private static double[] Turn(Func<int, double[]> time, int steps)
    {
        Thread.Sleep(Pause);
        return [.. time(steps + LeadIn).Skip(LeadIn)];
    }

    /// <summary>Warms up all sides, and determines how many steps take about a tenth of a second.</summary>
    private static int Calibrate(IStepper trimmed, IStepper whole, TorchSteps? one, TorchSteps? two, string model)
    {
        // Tiered compilation recompiles a method about a tenth of a second after its thirtieth call.
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < WarmUp;)
        {
            trimmed.Time(50);
            whole.Time(50);
        }
        one?.Time(model, 20, trim: false);
        two?.Time(model, 20, trim: false);
        return Math.Clamp((int)(100 / trimmed.Time(50).Median()), 20, 1000);
    }

    private static void Say(string line) => System.Console.WriteLine(line);
}
