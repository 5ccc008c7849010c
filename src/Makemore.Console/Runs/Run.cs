using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using LanguageExt;

namespace Makemore;

/// <summary>A run of a script: its options, its words, and what it does with a model.</summary>
public sealed class Run
{
    private readonly CommandLine _line;
    private RunContext _context;

    private Run(CommandLine line, RunContext context) => (_line, _context) = (line, context);

    /// <summary>
    /// Parses a script's arguments and reads its words. Errors are printed on one line each, and the program exits with code
    /// 1; <c>--help</c> exits with 0.
    /// </summary>
    /// <param name="arguments">The script's <c>Args</c>.</param>
    /// <param name="name">The name of the model: checkpoints contain it, and the default work dir is out/NAME.</param>
    /// <param name="description">The description for --help.</param>
    /// <param name="options">The options of the model, besides those for data and output.</param>
    /// <param name="script">The path of the script; the compiler passes it.</param>
    public static Run Open(
        IEnumerable<string> arguments, string name, string description, Option[] options, [CallerFilePath] string script = "")
    {
        var shell = Shell.Of(arguments);
        Option[] all =
        [
            Option.Group(OptionGroup.Data, (nameof(Options.InputFile), DefaultWords(script))), .. options,
            Option.Group(OptionGroup.Output, (nameof(Options.WorkDir), $"out/{name}")),
        ];
        var line = CommandLine
            .Parse(Path.GetFileName(script), description, all.SelectMany(option => option.Entries), arguments)
            .Match(parsed => parsed, faults => throw shell.Stop(name, faults));
        if (line.Help is { } help)
        {
            shell.Out.Write(help);
            throw shell.Exit(0);
        }
        var resumed = WithSaved(line).Match(parsed => parsed, faults => throw shell.Stop(name, faults));
        return Open(resumed, name, script, shell).Match(run => run, fault => throw shell.Stop(name, [fault]));
    }

    /// <summary>The name of the model.</summary>
    public string Name => _context.Card.Model;

    /// <summary>The options.</summary>
    internal Options Options => _context.Options;

    /// <summary>The random seed.</summary>
    public int Seed => Options.Seed;

    /// <summary>The words.</summary>
    public Corpus Corpus => _context.Corpus;

    /// <summary>The engine.</summary>
    public IEngine Engine => _context.Engine;

    /// <summary>The number of tokens, including the one for start and stop.</summary>
    public int VocabSize => Corpus.Vocabulary.Size;

    /// <summary>The maximum length of a sequence.</summary>
    public int BlockSize => Corpus.BlockSize;

    /// <summary>The context length: the number of characters that the model sees; by default the block size.</summary>
    public int Context => Options.Context ?? BlockSize;

    /// <summary>The embedding size.</summary>
    public int NEmbd => Options.NEmbd;

    /// <summary>The size of the hidden layer.</summary>
    public int NEmbd2 => Options.NEmbd2;

    /// <summary>The number of layers.</summary>
    public int NLayer => Options.NLayer;

    /// <summary>The number of attention heads.</summary>
    public int NHead => Options.NHead;

    /// <summary>The fraction of activations that dropout drops in training.</summary>
    public float Dropout => (float)Options.Dropout;

    /// <summary>The fraction of each target that is spread over all characters.</summary>
    public float LabelSmoothing => (float)Options.LabelSmoothing;

    /// <summary>Whether the run only checks the model, or sweeps the learning rate.</summary>
    public bool IsCheck => Options.IsCheck;

    /// <summary>The value of an option of the script's own.</summary>
    public T Get<T>(Option<T> option) => (T)_line.Values[option.Name]!;

    /// <summary>Exits with an error on one line and code 1 unless a condition holds.</summary>
    public void Require(bool condition, string message)
    {
        if (!condition)
            throw _context.Shell.Stop(Name, [Fault.Of(message)]);
    }

    /// <summary>Exits with an error on one line and code 1 if an option was given whose condition does not hold.</summary>
    public void RequireFor(Option option, bool condition, string message)
    {
        if (!condition && _line.FirstGiven(option.Entries) is { } given)
            throw _context.Shell.Stop(Name, [Fault.Of($"{given} {message}")]);
    }

    /// <summary>Prints a line.</summary>
    public void Say(string line) => _context.Reporter.Say(line);

    /// <summary>Shows a value per pair of tokens (V, V) as a heatmap, in a color terminal and in the report.</summary>
    public void Heatmap(string title, long[,] values)
    {
        _context = _context with { Pairs = _context.Pairs.Add((title, values)) };
        var letters = Enumerable.Range(0, VocabSize).Select(Corpus.Vocabulary.Show).ToArray();
        var numbers = new double[VocabSize, VocabSize];
        Array.Copy(values, numbers, values.Length);
        _context.Reporter.Heatmap(title, letters, letters, numbers);
    }

    /// <summary>
    /// Trains a model by gradient descent on its cross-entropy, evaluates and saves it, samples from it and writes a report;
    /// or does what the options ask for instead: checks, samples from the saved model, its loss on other words.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="watch">Called with every event of the training run.</param>
    /// <returns>The script's exit code.</returns>
    public int Fit<P, C>(Model<P, C> model, Action<RunEvent>? watch = null)
        where P : class =>
        Fit(model, Learning<P>.By(Training.CrossEntropy(model, LabelSmoothing), isCrossEntropy: true), watch);

    /// <summary>Trains a model with a training step of the script's own; everything else as for other models.</summary>
    /// <param name="model">The model.</param>
    /// <param name="step">One step: a pure function of the state, the batch and the key.</param>
    /// <param name="watch">Called with every event of the training run.</param>
    /// <returns>The script's exit code.</returns>
    public int Fit<P, C>(Model<P, C> model, TrainStep<P> step, Action<RunEvent>? watch = null)
        where P : class =>
        Fit(model, Learning<P>.By(step), watch);

    /// <summary>Trains a model on a loss of the script's own: a pure function of the parameters, the batch and the key, such as
    /// the cross-entropy plus auxiliary terms.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss, a single number.</param>
    /// <param name="watch">Called with every event of the training run.</param>
    /// <returns>The script's exit code.</returns>
    public int Fit<P, C>(Model<P, C> model, Func<P, Batch, Key, Tensor> loss, Action<RunEvent>? watch = null)
        where P : class =>
        Fit(model, (p, batch, key) => (loss(p, batch, key), p), watch);

    /// <summary>Trains a model on a loss of the script's own that also updates the model's buffers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss, and the parameters with updated buffers.</param>
    /// <param name="watch">Called with every event of the training run.</param>
    /// <returns>The script's exit code.</returns>
    public int Fit<P, C>(Model<P, C> model, TrainLoss<P> loss, Action<RunEvent>? watch = null)
        where P : class =>
        Fit(model, Learning<P>.By(loss, isCrossEntropy: false), watch);

    /// <summary>Fits a model whose optimal parameters have a closed form, such as counts; everything but training is as for
    /// other models.</summary>
    /// <param name="model">The model.</param>
    /// <param name="closedForm">Computes the parameters.</param>
    /// <returns>The script's exit code.</returns>
    public int Fit<P, C>(Model<P, C> model, Func<P> closedForm)
        where P : class =>
        Exit(() => Options.IsAboutSaved ? SavedModel.Use(_context, model) : Count(model, closedForm));

    private int Fit<P, C>(Model<P, C> model, Learning<P> learning, Action<RunEvent>? watch)
        where P : class =>
        Exit(() =>
            Options.IsAboutSaved ? SavedModel.Use(_context, model)
            : Options.IsCheck ? ModelCheck.IsSound(_context, model, learning) ? 0 : 1
            : Trainer.Train(_context, model, learning, watch ?? (_ => { })));

    private Either<Fault, int> Count<P, C>(Model<P, C> model, Func<P> closedForm)
        where P : class =>
        from _ in JsonFile.StartLines(_context.InWorkDir(RunContext.MetricsFile), isResumed: false)
        let p = _context.Introduce(model, () => Tree.To(closedForm(), Engine))
        from __ in Checkpoint.SaveModel(_context.InWorkDir(RunContext.ModelFile), model, p, _context.Card)
        let ___ = _context.Show(Evaluation.Of(model, p, Corpus, 0))
        from ____ in FinalReport.Write(_context, model, null, null)
        select 0;

    /// <summary>Runs some work and prints its fault, if any. A device, or a words file that is read during the run, may fail at
    /// any time.</summary>
    /// <returns>The exit code.</returns>
    private int Exit(Func<Either<Fault, int>> work)
    {
        var outcome = Try(work);
        _context.Reporter.Dispose();
        return outcome.Match(code => code, fault => _context.Shell.Fail(Name, [fault]));
    }

    private static Either<Fault, int> Try(Func<Either<Fault, int>> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or EngineException)
        {
            return Fault.Of(e.Message);
        }
    }

    private static Either<Fault, Run> Open(CommandLine line, string name, string script, Shell shell)
    {
        var options = line.To<Options>();
        return
            from _ in Exclusive(options)
            from engine in Engines.Open(options.Engine, options.Device ?? "cpu", options.Threads, script)
                .MapLeft(fault => fault.In($"--engine {options.Engine}"))
            from corpus in ReadCorpus(options, shell)
            from prompt in corpus.Vocabulary.Encode(options.Prompt).MapLeft(fault => fault.In("--prompt"))
            let card = new ModelCard(
                name, corpus.Vocabulary, corpus.BlockSize, ResultOptions(line, options, corpus), Path.GetFileName(script), HashOf(script))
            select new Run(line, new(card, script, options, engine, corpus, IReporter.Create(shell), shell));
    }

    private static Either<Fault, Unit> Exclusive(Options options) =>
        options.Json && !options.IsAboutSaved ? Fault.Of("--json needs --evaluate or --sample-only")
        : options.Explain && !options.SampleOnly ? Fault.Of("--explain needs --sample-only")
        : options.Engine == Engines.Managed && options.Device is { } device
            ? Fault.Of($"--device {device}: only --engine {Engines.Torch} has devices")
        : Unit.Default;

    /// <summary>The command line merged with the options of the saved run, if it uses one.</summary>
    private static Validation<Fault, CommandLine> WithSaved(CommandLine line)
    {
        var options = line.To<Options>();
        if (!options.Resume && !options.IsAboutSaved)
            return Prelude.Success<Fault, CommandLine>(line);
        var file = Path.Combine(options.WorkDir, options.Resume ? RunContext.StateFile : RunContext.ModelFile);
        return ModelCard.ReadOptions(file).Match(
            line.Over,
            fault => Prelude.Fail<Fault, CommandLine>(
                File.Exists(file) ? fault : Fault.Of($"{file}: no saved run; train first")));
    }

    private static Either<Fault, Corpus> ReadCorpus(Options options, Shell shell) => Corpus.Read(
        new(
            options.InputFile, options.BlockSize, options.Split, options.Deduplicate, options.Windows, (long)options.InMemory << 20,
            // Programs that read JSON expect nothing else.
            options.Json ? null : new IndexProgress(options.InputFile, shell).Show),
        SplitKey(options.Seed));

    /// <summary>The options that the results depend on, with a hash of the words.</summary>
    private static ImmutableSortedDictionary<string, string> ResultOptions(CommandLine line, Options options, Corpus corpus)
    {
        var all = line.ResultOptions().SetItem(ModelCard.WordsHash, corpus.Hash ?? HashOf(options.InputFile));
        // A constant schedule has no length, so that an interrupted and resumed run writes the same bytes as an uninterrupted one.
        var length = OptionEntry.NameOf(nameof(Options.ScheduleSteps));
        return all.ContainsKey(length) && options.Schedule != new Options().Schedule
            ? all.SetItem(length, $"{options.ScheduleLength}")
            : all;
    }

    /// <summary>The key for the split of the words.</summary>
    internal static Key SplitKey(int seed) => Key.FromSeed(seed).At((int)Purpose.Split);

    /// <summary>The SHA-256 of a file; empty if it does not exist.</summary>
    internal static string HashOf(string path)
    {
        if (!File.Exists(path))
            return "";
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>The path of the project's names, wherever in the project the script is.</summary>
    private static string DefaultWords(string script) => ProjectFile.Find(script, "data", "names.txt") is { } file
        ? Path.GetRelativePath(Environment.CurrentDirectory, file)
        : Path.Combine("data", "names.txt");
}
