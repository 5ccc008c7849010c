using System.Diagnostics;
using System.Reflection;
using Makemore.Tests.Scripts;

namespace Makemore.Benchmarks;

/// <summary>A training run of a script's model, with AdamW.</summary>
internal sealed class Stepper<P, C> : IStepper
    where P : class
{
    private readonly IEngine _engine;
    private readonly Model<P, C> _model;
    private readonly IEnumerator<StepResult<P>> _results;

    public Stepper(Model<P, C> model, IEngine engine, Func<long, Batch> batches, IRanks? ranks)
    {
        (_engine, _model) = (engine, model);
        var (p, loss) = (Tree.To(model.Init(Key.FromSeed(1)), _engine), Training.CrossEntropy(model));
        _results = Training.Scan(
            ranks is null ? Training.Step(loss) : PartedTraining.Step(loss, Stepper.Parts, ranks, threads: 1),
            TrainState<P>.Start(p, Optimizers.AdamW(5e-4f)), batches, Key.FromSeed(3)).GetEnumerator();
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

    public double LossOn(Corpus corpus) => Losses.Evaluate(
        _model, _results.Current.State.Params,
        new Batches(corpus.Test, corpus.BlockSize, BatchSize: 256, Engine: _engine).InOrder()).Nats;

    public double Generate(int batch, int tokens)
    {
        var (start, key, ids) = (Stopwatch.GetTimestamp(), Key.FromSeed(4), new int[batch]);
        using var cache = new StepCache<P, C>(_model, _results.Current.State.Params, batch);
        for (var t = 0; t < tokens; t++)
        {
            var uniforms = Enumerable.Range(0, batch).Select(row => key.At(t).Uniform(row)).ToArray();
            ids = cache.Step(ids, logits => Choice.Draw(logits, new(), uniforms));
        }
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

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
    /// <summary>The number of parts of each batch among ranks.</summary>
    public const int Parts = 2;

    public static readonly string[] Models =
        ["bigram", "mlp", "batchnorm", "wavenet", "rnn", "gru", "lstm", "bow", "transformer"];

    /// <summary>A training run of a script's model in its default sizes, on batches of 32 words.</summary>
    public static IStepper Of(string name, Corpus corpus, int threads, bool trim = true)
    {
        var engine = ManagedEngine.Create(threads);
        var batches = new Batches(corpus.Train, corpus.BlockSize, BatchSize: 32, trim, engine);
        return Of(ModelOf(name, []), engine, batches.Prefetched(Key.FromSeed(2)));
    }

    /// <summary>A training run of the Transformer in some size, by one process or in parts by several.</summary>
    public static IStepper Of(GptSize size, int threads, IRanks? ranks = null) => Prepared(size, threads, ranks)();

    /// <summary>As <see cref="Of(GptSize, int, IRanks?)"/>, which has run the script, but begins when it is called.</summary>
    public static Func<IStepper> Prepared(GptSize size, int threads, IRanks? ranks = null)
    {
        var (model, engine) = (ModelOf("transformer", size.Options), ManagedEngine.Create(threads));
        return () => Of(model, engine, size.Batches(engine), ranks);
    }

    private static IStepper Of(object model, IEngine engine, Func<long, Batch> batches, IRanks? ranks = null) =>
        (IStepper)Activator.CreateInstance(
            typeof(Stepper<,>).MakeGenericType(model.GetType().GetGenericArguments()), model, engine, batches, ranks)!;

    private static object ModelOf(string name, string[] options)
    {
        var work = Directory.CreateTempSubdirectory("makemore-benchmark").FullName;
        // The longest names give the same block and the same letters, and the model is evaluated on them.
        var words = Path.Combine(work, "words.txt");
        File.WriteAllLines(words, File.ReadLines(Repository.Words).OrderByDescending(word => word.Length).Take(100));
        string[] arguments =
        [
            "--max-steps", "0", "--num", "0", "--report-samples", "0", "-o", Path.Combine(work, "run"), "-i", words,
            .. name == "bigram" ? (string[])["--neural"] : options,
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
