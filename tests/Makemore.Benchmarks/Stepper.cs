using System.Diagnostics;
using System.Reflection;
using Makemore.Tests.Scripts;

namespace Makemore.Benchmarks;

/// <summary>A training run of a script's model: batches of 32 names, AdamW, the script's default sizes.</summary>
internal sealed class Stepper<P, C> : IStepper
    where P : class
{
    private const int BatchSize = 32, TestBatchSize = 256;
    private readonly IEngine _engine;
    private readonly Model<P, C> _model;
    private readonly Batches _test;
    private readonly IEnumerator<StepResult<P>> _results;

    public Stepper(Model<P, C> model, Corpus corpus, int threads, bool trim)
    {
        (_engine, _model) = (ManagedEngine.Create(threads), model);
        var p = Tree.To(model.Init(Key.FromSeed(1)), _engine);
        var optimizer = Optimizers.AdamW(5e-4f);
        var batches = new Batches(corpus.Train, corpus.BlockSize, BatchSize, trim, _engine);
        _test = new(corpus.Test, corpus.BlockSize, TestBatchSize, Engine: _engine);
        _results = Training.Scan(
            Training.Step(Training.CrossEntropy(model)), TrainState<P>.Start(p, optimizer), batches.Prefetched(Key.FromSeed(2)),
            Key.FromSeed(3)).GetEnumerator();
        _results.MoveNext();
    }

    public double[] Time(int steps)
    {
        var times = new double[steps];
        for (var i = 0; i < steps; i++)
        {
            var start = Stopwatch.GetTimestamp();
            _results.MoveNext();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        return times;
    }

    public IReadOnlyList<MatrixProduct> Products()
    {
        var seen = new List<MatrixProduct>();
        var watched = (IObservableProducts)_engine;
        watched.ProductObserver = seen.Add;
        _results.MoveNext();
        watched.ProductObserver = null;
        return seen;
    }

    public double TestLoss() => Losses.Evaluate(_model, _results.Current.State.Params, _test.InOrder()).Nats;

    public double SamplesPerSecond()
    {
        const int Words = 500, Times = 15;
        var rates = new double[Times];
        for (var i = 0; i < Times; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var count = Sampler.Words(_model, _results.Current.State.Params, Key.FromSeed(4), Words, new()).Count();
            rates[i] = count / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        return rates[(Times / 2)..].Order().ElementAt(Times / 4);
    }
}

/// <summary>Training runs of scripts.</summary>
internal static class Stepper
{
    public static readonly string[] Models =
        ["bigram", "mlp", "batchnorm", "wavenet", "rnn", "gru", "lstm", "bow", "transformer"];

    /// <summary>A training run of a script's model.</summary>
    public static IStepper Of(string name, Corpus corpus, int threads, bool trim = true)
    {
        var model = ModelOf(name);
        var type = typeof(Stepper<,>).MakeGenericType(model.GetType().GetGenericArguments());
        return (IStepper)Activator.CreateInstance(type, model, corpus, threads, trim)!;
    }

    private static object ModelOf(string name)
    {
        var work = Directory.CreateTempSubdirectory("makemore-benchmark").FullName;
        string[] arguments =
        [
            "--max-steps", "0", "--num", "0", "--report-samples", "0", "-o", work, "-i", Repository.Words,
            .. name == "bigram" ? (string[])["--neural"] : [],
        ];
        var shell = new Shell(
            TextWriter.Null, System.Console.Error, IsTerminal: false,
            code => new InvalidOperationException($"{name}.csx exited with code {code}."));
        try
        {
            var (variables, _) = ScriptAssembly.Run(Repository.Script(name), new(arguments, shell));
            return variables.GetType().GetFields().Single(IsModel).GetValue(variables)!;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static bool IsModel(FieldInfo field) =>
        field.FieldType.IsGenericType && field.FieldType.GetGenericTypeDefinition() == typeof(Model<,>);
}
