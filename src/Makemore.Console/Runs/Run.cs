using System.Runtime.CompilerServices;
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
        var (line, context) = Opening.Open(arguments, name, description, options, script);
        return new(line, context);
    }

    /// <summary>The name of the model.</summary>
    public string Name => _context.Card.Model;

    /// <summary>The options.</summary>
    internal Options Options => _context.Options;

    /// <summary>The random seed.</summary>
    public int Seed => Options.Seed;

    /// <summary>The words; if the run uses a saved model, those that it was trained on.</summary>
    public Corpus Corpus => _context.Corpus;

    /// <summary>The engine.</summary>
    public IEngine Engine => _context.Engine;

    /// <summary>The number of tokens, including the one for start and stop.</summary>
    public int VocabSize => _context.Card.Vocabulary.Size;

    /// <summary>The maximum length of a sequence.</summary>
    public int BlockSize => _context.Card.BlockSize;

    /// <summary>The context length: the number of characters that the model sees; by default the block size.</summary>
    public int Context => Offered(nameof(Options.Context), Options.Context) ?? BlockSize;

    /// <summary>The embedding size.</summary>
    public int NEmbd => Offered(nameof(Options.NEmbd), Options.NEmbd);

    /// <summary>The size of the hidden layer.</summary>
    public int NEmbd2 => Offered(nameof(Options.NEmbd2), Options.NEmbd2);

    /// <summary>The number of layers.</summary>
    public int NLayer => Offered(nameof(Options.NLayer), Options.NLayer);

    /// <summary>The number of attention heads.</summary>
    public int NHead => Offered(nameof(Options.NHead), Options.NHead);

    /// <summary>The fraction of activations that dropout drops in training.</summary>
    public float Dropout => (float)Offered(nameof(Options.Dropout), Options.Dropout);

    /// <summary>The fraction of each target that is spread over all characters; 0 for a check, which wants to see a loss of 0.</summary>
    public float LabelSmoothing => IsCheck ? 0 : (float)Options.LabelSmoothing;

    /// <summary>The learning rate.</summary>
    public float LearningRate => (float)Offered(nameof(Options.LearningRate), Options.LearningRate);

    /// <summary>The optimizer that the options describe; AdamW by default.</summary>
    public Transform Optimizer => Options.ToOptimizer(VocabSize);

    /// <summary>Whether the run only checks the model, or sweeps the learning rate.</summary>
    public bool IsCheck => Options.IsCheck;

    /// <summary>The value of an option of the script's own.</summary>
    public T Get<T>(Option<T> option) => _line.Get(option);

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
            throw _context.Shell.Stop(Name, [Fault.Of(given + " " + message)]);
    }

    /// <summary>Prints a line.</summary>
    public void Say(string line) => _context.Reporter.Say(line);

    /// <summary>Shows a value per pair of tokens (V, V) as a heatmap, in a color terminal and in the report.</summary>
    public void Heatmap(string title, long[,] values)
    {
        _context = _context with { Pairs = _context.Pairs.Add((title, values)) };
        var letters = Enumerable.Range(0, VocabSize).Select(_context.Card.Vocabulary.Show).ToArray();
        var numbers = new double[VocabSize, VocabSize];
        Array.Copy(values, numbers, values.Length);
        _context.Reporter.Heatmap(title, letters, letters, numbers);
    }

    /// <summary>
    /// Trains a model by gradient descent on its cross-entropy, evaluates and saves it, samples from it and writes a report;
    /// or does what the options ask for instead: checks, samples from the saved model, its loss on other words.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="optimizer">An optimizer of the script's own; by default the one that the options describe.</param>
    /// <param name="watch">Called with every event of the training run.</param>
    /// <returns>The script's exit code.</returns>
    public int Fit<P, C>(Model<P, C> model, Transform? optimizer = null, Action<RunEvent>? watch = null)
        where P : class
    {
        var loss = Training.CrossEntropy(model, LabelSmoothing);
        return Fit(model, new Learning<P>(optimizer ?? Optimizer, Training.Step(loss), loss, IsCrossEntropy: true), watch);
    }

    /// <summary>Trains a model with a training step of the script's own; everything else as for other models.</summary>
    /// <param name="model">The model.</param>
    /// <param name="step">One step: a pure function of the state, the batch and the key.</param>
    /// <param name="optimizer">An optimizer of the script's own; by default the one that the options describe.</param>
    /// <param name="watch">Called with every event of the training run.</param>
    /// <returns>The script's exit code.</returns>
    public int Fit<P, C>(
        Model<P, C> model, TrainStep<P> step, Transform? optimizer = null, Action<RunEvent>? watch = null)
        where P : class =>
        Fit(model, new Learning<P>(optimizer ?? Optimizer, step, null, IsCrossEntropy: false), watch);

    /// <summary>Trains a model on a loss of the script's own: a pure function of the parameters, the batch and the key, such as
    /// the cross-entropy plus auxiliary terms. With <c>--parts</c> it is that of each part of a batch, weighted by the part's share of
    /// the tokens; so a mean over tokens is that of the whole batch, and any other term is averaged over the parts.</summary>
    /// <param name="model">The model, which must have no buffers: another overload updates them.</param>
    /// <param name="loss">The loss, a single number.</param>
    /// <param name="optimizer">An optimizer of the script's own; by default the one that the options describe.</param>
    /// <param name="watch">Called with every event of the training run.</param>
    /// <returns>The script's exit code.</returns>
    /// <exception cref="InvalidOperationException">The parameters have buffers.</exception>
    public int Fit<P, C>(
        Model<P, C> model, Func<P, Batch, Key, Tensor> loss, Transform? optimizer = null, Action<RunEvent>? watch = null)
        where P : class =>
        Fit(model, (p, batch, key) => (loss(p, batch, key), WithoutBuffers(p)), optimizer, watch);

    /// <summary>Trains a model on a loss of the script's own that also updates the model's buffers. With <c>--parts</c>, those that the
    /// first part of a batch has updated are taken.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss, and the parameters with updated buffers.</param>
    /// <param name="optimizer">An optimizer of the script's own; by default the one that the options describe.</param>
    /// <param name="watch">Called with every event of the training run.</param>
    /// <returns>The script's exit code.</returns>
    public int Fit<P, C>(
        Model<P, C> model, TrainLoss<P> loss, Transform? optimizer = null, Action<RunEvent>? watch = null)
        where P : class =>
        Fit(model, new Learning<P>(optimizer ?? Optimizer, Training.Step(loss), loss, IsCrossEntropy: false), watch);

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
            : Offered(nameof(Options.MaxSteps), Options.IsCheck)
                ? _context.InitialParameters(model).Map(p => ModelCheck.IsSound(_context, model, p, learning) ? 0 : 1)
            : Trainer.Train(_context, model, learning, watch ?? (_ => { })));

    private static P WithoutBuffers<P>(P p) => Tree.Leaves(p).FirstOrDefault(leaf => leaf.IsBuffer) is { } buffer
        ? throw new InvalidOperationException(
            $"Fit: nothing updates the buffer '{buffer.Name}'; return the updated parameters next to the loss: (loss, updated).")
        : p;

    /// <summary>The value of an option, which the script must offer.</summary>
    private T Offered<T>(string property, T value) => _line.Values.ContainsKey(OptionEntry.NameOf(property))
        ? value
        : throw new InvalidOperationException(
            $"The script uses {OptionEntry.NameOf(property)}, but does not offer it: pass its Option to Run.Open.");

    private Either<Fault, int> Count<P, C>(Model<P, C> model, Func<P> closedForm)
        where P : class => _context.InLockedWorkDir(() =>
            from p in _context.Fitting(model, _context.Introduce(model, () => Tree.To(closedForm(), Engine)))
            from _ in _context.MoveEarlierAside()
            from __ in JsonFile.StartLines(_context.InWorkDir(WorkFiles.MetricsFile), isResumed: false)
            from ___ in _context.Begin(p)
            from ____ in Checkpoint.SaveModel(_context.InWorkDir(WorkFiles.ModelFile), model, p, _context.Card)
            let evaluation = Evaluation.Of(model, p, Corpus, 0)
            from _____ in JsonFile.AppendLines(
                _context.InWorkDir(WorkFiles.MetricsFile), _context.Measure(new(evaluation, IsRegular: false, null, null)))
            let shown = _context.Show(evaluation)
            from ______ in FinalReport.Write(_context, model, null, null)
            select 0);

    /// <summary>Does the work of the run.</summary>
    /// <returns>The exit code.</returns>
    private int Exit(Func<Either<Fault, int>> work) => _context.Shell.Run(Name, () =>
    {
        using (_context.Reporter)
            return work();
    });
}
