using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using LanguageExt;

namespace Makemore;

/// <summary>A script's run: its options, its words, and what it does with a model.</summary>
public sealed class Run
{
    private readonly CommandLine _line;
    private RunContext _context;

    private Run(CommandLine line, RunContext context) => (_line, _context) = (line, context);

    /// <summary>
    /// Reads a script's arguments and its words. What is wrong with them is printed, one line each, and the program exits
    /// with code 1; <c>--help</c> exits with 0.
    /// </summary>
    /// <param name="arguments">The script's <c>Args</c>.</param>
    /// <param name="name">The model's name: its checkpoints carry it, and its work dir is out/NAME.</param>
    /// <param name="description">A line for --help.</param>
    /// <param name="options">The options that the model has, besides those for words and samples.</param>
    /// <param name="script">The script's path; the compiler fills it in.</param>
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
            .Match(typed => typed, faults => throw shell.Stop(name, faults));
        if (line.Help is { } help)
        {
            shell.Out.Write(help);
            throw shell.Exit(0);
        }
        var resumed = OverSaved(line).Match(typed => typed, faults => throw shell.Stop(name, faults));
        return Open(resumed, name, script, shell).Match(run => run, fault => throw shell.Stop(name, [fault]));
    }

    /// <summary>The model's name.</summary>
    public string Name => _context.Card.Model;

    /// <summary>The options.</summary>
    internal Options Options => _context.Options;

    /// <summary>The seed of everything random.</summary>
    public int Seed => Options.Seed;

    /// <summary>The words.</summary>
    public Corpus Corpus => _context.Corpus;

    /// <summary>The engine that the run computes on.</summary>
    public IEngine Engine => _context.Engine;

    /// <summary>The number of tokens, the one for start and stop included.</summary>
    public int VocabSize => Corpus.Vocabulary.Size;

    /// <summary>The maximum length of a sequence.</summary>
    public int BlockSize => Corpus.BlockSize;

    /// <summary>How many characters the model sees: --context, or the block size.</summary>
    public int Context => Options.Context ?? BlockSize;

    /// <summary>The size of a character's vector.</summary>
    public int NEmbd => Options.NEmbd;

    /// <summary>The size of the hidden layer.</summary>
    public int NEmbd2 => Options.NEmbd2;

    /// <summary>The number of layers.</summary>
    public int NLayer => Options.NLayer;

    /// <summary>The number of attention heads.</summary>
    public int NHead => Options.NHead;

    /// <summary>The share of activations that dropout drops in training.</summary>
    public float Dropout => (float)Options.Dropout;

    /// <summary>The share of each target that is spread over all characters.</summary>
    public float LabelSmoothing => (float)Options.LabelSmoothing;

    /// <summary>Whether the run only checks the model, or looks for a learning rate.</summary>
    public bool IsCheck => Options.IsCheck;

    /// <summary>The value of an option of the script's own.</summary>
    public T Get<T>(Option<T> option) => (T)_line.Values[option.Name]!;

    /// <summary>Exits with a line and code 1 where a condition on the options does not hold.</summary>
    public void Require(bool condition, string otherwise)
    {
        if (!condition)
            throw _context.Shell.Stop(Name, [Fault.Of(otherwise)]);
    }

    /// <summary>Exits with a line and code 1 where an option was typed although a condition that it needs does not
    /// hold.</summary>
    public void RequireFor(Option option, bool condition, string otherwise)
    {
        if (!condition && _line.FirstTyped(option.Entries) is { } typed)
            throw _context.Shell.Stop(Name, [Fault.Of($"{typed} {otherwise}")]);
    }

    /// <summary>Shows a line.</summary>
    public void Say(string line) => _context.Reporter.Say(line);

    /// <summary>Shows a number for each pair of tokens (V, V): as colors where there are colors, and in the report.</summary>
    public void Heatmap(string title, long[,] values)
    {
        _context = _context with { Pairs = _context.Pairs.Add((title, values)) };
        var letters = Enumerable.Range(0, VocabSize).Select(Corpus.Vocabulary.Show).ToArray();
        var numbers = new double[VocabSize, VocabSize];
        Array.Copy(values, numbers, values.Length);
        _context.Reporter.Heatmap(title, letters, letters, numbers);
    }

    /// <summary>
    /// Trains a model on the words by gradient descent on its cross-entropy: evaluation, checkpoints, samples and a report
    /// included. Or does what the options ask for instead: checks, samples from the saved model, its loss.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="watch">Sees every event of the training run.</param>
    /// <returns>The script's exit code.</returns>
    public int Fit<P, C>(Model<P, C> model, Action<RunEvent>? watch = null)
        where P : class =>
        Fit(model, Learning<P>.By(Training.CrossEntropy(model, LabelSmoothing), isUsual: true), watch);

    /// <summary>The same with a training step of the script's own.</summary>
    /// <param name="model">The model.</param>
    /// <param name="step">One step: a pure function of the state, the batch and the key.</param>
    /// <param name="watch">Sees every event of the training run.</param>
    /// <returns>The script's exit code.</returns>
    public int Fit<P, C>(Model<P, C> model, TrainStep<P> step, Action<RunEvent>? watch = null)
        where P : class =>
        Fit(model, Learning<P>.By(step), watch);

    /// <summary>The same with a training loss of the script's own: a pure function of the parameters, the batch and the key,
    /// such as the cross-entropy plus auxiliary terms.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss, a single number.</param>
    /// <param name="watch">Sees every event of the training run.</param>
    /// <returns>The script's exit code.</returns>
    public int Fit<P, C>(Model<P, C> model, Func<P, Batch, Key, Tensor> loss, Action<RunEvent>? watch = null)
        where P : class =>
        Fit(model, (p, batch, key) => (loss(p, batch, key), p), watch);

    /// <summary>The same for a model with buffers, which the loss updates.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss, and the parameters with their buffers updated.</param>
    /// <param name="watch">Sees every event of the training run.</param>
    /// <returns>The script's exit code.</returns>
    public int Fit<P, C>(Model<P, C> model, TrainLoss<P> loss, Action<RunEvent>? watch = null)
        where P : class =>
        Fit(model, Learning<P>.By(loss, isUsual: false), watch);

    /// <summary>Fits a model whose best parameters are known in closed form, such as counts: no training, everything else as
    /// for other models.</summary>
    /// <param name="model">The model.</param>
    /// <param name="closedForm">Its parameters.</param>
    /// <returns>The script's exit code.</returns>
    public int Fit<P, C>(Model<P, C> model, Func<P> closedForm)
        where P : class =>
        Exit(() => Options.IsAboutSaved ? SavedModel.Answer(_context, model) : Count(model, closedForm));

    private int Fit<P, C>(Model<P, C> model, Learning<P> learning, Action<RunEvent>? watch)
        where P : class =>
        Exit(() =>
            Options.IsAboutSaved ? SavedModel.Answer(_context, model)
            : Options.IsCheck ? ModelCheck.IsSound(_context, model, learning) ? 0 : 1
            : Trainer.Train(_context, model, learning, watch ?? (_ => { })));

    private Either<Fault, int> Count<P, C>(Model<P, C> model, Func<P> closedForm)
        where P : class =>
        from _ in JsonFile.BeginLines(_context.InWorkDir(RunContext.MetricsFile), isResumed: false)
        let p = _context.Introduce(model, () => Tree.To(closedForm(), Engine))
        from __ in Checkpoint.SaveModel(_context.InWorkDir(RunContext.ModelFile), model, p, _context.Card)
        let ___ = _context.Show(Evaluation.Of(model, p, Corpus, 0))
        from ____ in FinalReport.Write(_context, model, null, null)
        select 0;

    /// <summary>The exit code of some work; what was wrong outside the program is printed. An engine's device, and a words file
    /// that is read as the run goes on, may fail at any time.</summary>
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
            from _ in Excluded(options)
            from engine in Engines.Open(options.Engine, options.Device ?? "cpu", options.Threads, script)
                .MapLeft(fault => fault.In($"--engine {options.Engine}"))
            from corpus in ReadCorpus(options, shell)
            from prompt in corpus.Vocabulary.Encode(options.Prompt).MapLeft(fault => fault.In("--prompt"))
            let card = new ModelCard(
                name, corpus.Vocabulary, corpus.BlockSize, Binding(line, options, corpus), Path.GetFileName(script), HashOf(script))
            select new Run(line, new(card, script, options, engine, corpus, IReporter.Create(shell), shell));
    }

    private static Either<Fault, Unit> Excluded(Options options) =>
        options.Json && !options.IsAboutSaved ? Fault.Of("--json needs --evaluate or --sample-only")
        : options.Explain && !options.SampleOnly ? Fault.Of("--explain needs --sample-only")
        : options.Engine == Engines.Managed && options.Device is { } device
            ? Fault.Of($"--device {device}: only --engine {Engines.Torch} has devices")
        : Unit.Default;

    /// <summary>The command line over the options of the saved run that it is about, if any.</summary>
    private static Validation<Fault, CommandLine> OverSaved(CommandLine line)
    {
        var options = line.To<Options>();
        if (!options.Resume && !options.IsAboutSaved)
            return Prelude.Success<Fault, CommandLine>(line);
        var file = Path.Combine(options.WorkDir, options.Resume ? RunContext.StateFile : RunContext.ModelFile);
        return ModelCard.ReadOptions(file).Match(
            line.Over,
            fault => Prelude.Fail<Fault, CommandLine>(
                File.Exists(file) ? fault : Fault.Of($"{file}: nothing is saved there yet; train first")));
    }

    private static Either<Fault, Corpus> ReadCorpus(Options options, Shell shell) => Corpus.Read(
        new(
            options.InputFile, options.BlockSize, options.Split, options.Deduplicate, options.Windows, (long)options.InMemory << 20,
            // Other programs read nothing but the answer.
            options.Json ? null : new IndexProgress(options.InputFile, shell).Show),
        SplitKey(options.Seed));

    /// <summary>The options that the results depend on, the words by their hash.</summary>
    private static ImmutableSortedDictionary<string, string> Binding(CommandLine line, Options options, Corpus corpus)
    {
        var binding = line.Binding().SetItem(ModelCard.WordsHash, corpus.Hash ?? HashOf(options.InputFile));
        // A constant rate has no length, so that a run in parts leaves the same bytes as one in one piece.
        var length = OptionEntry.NameOf(nameof(Options.ScheduleSteps));
        return binding.ContainsKey(length) && options.Schedule != new Options().Schedule
            ? binding.SetItem(length, $"{options.ScheduleLength}")
            : binding;
    }

    /// <summary>The key that words are split by.</summary>
    internal static Key SplitKey(int seed) => Key.FromSeed(seed).At((int)Purpose.Split);

    /// <summary>The SHA-256 of a file; empty where there is no such file.</summary>
    internal static string HashOf(string path)
    {
        if (!File.Exists(path))
            return "";
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>The names that come with the project, from wherever in its tree the script is.</summary>
    private static string DefaultWords(string script) => ProjectFile.Find(script, "data", "names.txt") is { } file
        ? Path.GetRelativePath(Environment.CurrentDirectory, file)
        : Path.Combine("data", "names.txt");
}
