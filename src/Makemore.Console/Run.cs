using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Makemore;

/// <summary>
/// One run of a script: its options, its words, its progress and its checkpoints. This is the edge of the program:
/// here faults become lines and an exit code, and states become files.
/// </summary>
public sealed partial class Run
{
    internal const string StateFile = "state.safetensors", ModelFile = "model.safetensors", MetricsFile = "metrics.jsonl",
        DiagnosticsFile = "diagnostics.jsonl";

    private readonly string _script;
    private volatile bool _isInterrupted;
    private volatile bool _isTraining;

    private Run(string name, string script, Settings settings, IEngine engine, Corpus corpus)
    {
        (Name, Settings, Engine, Corpus, _script) = (name, settings, engine, corpus, script);
        Card = new(name, corpus.Vocabulary, corpus.BlockSize, Binding(), Path.GetFileName(script), HashOf(script));
        System.Console.CancelKeyPress += (_, key) =>
        {
            // The first press ends training in good order; a second one, or one at any other time, ends the program.
            key.Cancel = _isTraining && !_isInterrupted;
            _isInterrupted = true;
        };
    }

    /// <summary>
    /// Reads a script's arguments and its words. Every fault in them is printed, a line each, and ends the program with
    /// exit code 1; <c>--help</c> ends it with 0.
    /// </summary>
    /// <param name="arguments">The script's <c>Args</c>.</param>
    /// <param name="name">The model's name: its checkpoints say it, and its work dir is out/NAME.</param>
    /// <param name="description">A line for --help.</param>
    /// <param name="offers">The options that apply to the model, besides those for words and samples.</param>
    /// <param name="script">The script's path; the compiler gives it.</param>
    public static Run Open(
        IEnumerable<string> arguments, string name, string description, Offer[] offers, [CallerFilePath] string script = "")
    {
        System.Console.OutputEncoding = System.Text.Encoding.UTF8;
        Offer[] all = [Offer.Data(DefaultWords(script)), .. offers, Offer.Sampling(name)];
        var typed = OrStop(name, Parse(arguments));
        var settings = SavedFile(typed) is { } file ? OrStop(name, Parse(OrStop(name, typed.Over(SavedOptions(name, file))))) : typed;
        if (settings.Get<bool>("--json") && !IsAboutSaved(settings))
            throw Stop(name, [Fault.Of("--json needs --evaluate or --sample-only")]);
        if (settings.Get<bool>("--explain") && !settings.Get<bool>("--sample-only"))
            throw Stop(name, [Fault.Of("--explain needs --sample-only")]);
        var engine = OpenEngine(name, settings, script);
        var corpus = ReadCorpus(settings).OrThrow(fault => Stop(name, [fault]));
        corpus.Vocabulary.Encode(settings.Get<string>("--prompt")).OrThrow(fault => Stop(name, [fault.In("--prompt")]));
        return new(name, script, settings, engine, corpus);

        LanguageExt.Validation<Fault, Settings> Parse(IEnumerable<string> texts) =>
            Settings.Parse(Path.GetFileName(script), description, all, [.. texts]);
    }

    /// <summary>The model's name.</summary>
    public string Name { get; }

    /// <summary>How the run is shown.</summary>
    internal IReporter Reporter { get; } = IReporter.Create();

    /// <summary>The options.</summary>
    public Settings Settings { get; }

    /// <summary>The words.</summary>
    public Corpus Corpus { get; }

    /// <summary>The engine that the run computes on.</summary>
    public IEngine Engine { get; }

    /// <summary>The number of tokens, the one for start and stop included.</summary>
    public int VocabSize => Corpus.Vocabulary.Size;

    /// <summary>The greatest length of a sequence.</summary>
    public int BlockSize => Corpus.BlockSize;

    /// <summary>--context, the block size where it was not given.</summary>
    public int Context => Get<int?>("--context") ?? BlockSize;

    /// <summary>--n-embd.</summary>
    public int NEmbd => Get<int>("--n-embd");

    /// <summary>--n-embd2.</summary>
    public int NEmbd2 => Get<int>("--n-embd2");

    /// <summary>--n-layer.</summary>
    public int NLayer => Get<int>("--n-layer");

    /// <summary>--n-head.</summary>
    public int NHead => Get<int>("--n-head");

    /// <summary>--dropout.</summary>
    public float Dropout => (float)Get<double>("--dropout");

    /// <summary>--learning-rate.</summary>
    public float LearningRate => (float)Get<double>("--learning-rate");

    /// <summary>--weight-decay.</summary>
    public float WeightDecay => (float)Get<double>("--weight-decay");

    /// <summary>The value of an option that the script offers.</summary>
    public T Get<T>(string name) => Settings.Get<T>(name);

    /// <summary>Ends the program with a line and exit code 1 where a condition that the options have to meet does
    /// not hold.</summary>
    public void Require(bool condition, string otherwise)
    {
        if (!condition)
            throw Stop(Name, [Fault.Of(otherwise)]);
    }

    /// <summary>Ends the program with a line and exit code 1 where one of an offer's options was typed although a
    /// condition that it needs does not hold.</summary>
    public void RequireFor(Offer offer, bool condition, string otherwise)
    {
        if (!condition && offer.Options.FirstOrDefault(Settings.IsTyped) is { } option)
            throw Stop(Name, [Fault.Of($"{option.Name} {otherwise}")]);
    }

    /// <summary>Whether the run is there only to check the model, or to find a rate for it.</summary>
    public bool IsCheck => Get<bool>("--check-gradients") || Get<bool>("--overfit-batch") || Get<bool>("--find-lr");

    /// <summary>Shows a line.</summary>
    public void Say(string line) => Reporter.Say(line);

    /// <summary>Shows a number for each pair of tokens (V, V) in color, where there are colors, and in the report.</summary>
    public void Heatmap(string title, long[,] values)
    {
        _pairs = _pairs.Add((title, values));
        var letters = Enumerable.Range(0, VocabSize).Select(Corpus.Vocabulary.Show).ToArray();
        var numbers = new double[VocabSize, VocabSize];
        Array.Copy(values, numbers, values.Length);
        Reporter.Heatmap(title, letters, letters, numbers);
    }

    private Key KeyFor(int purpose) => Key.FromSeed(Get<int>("--seed")).At(purpose);

    /// <summary>What the checkpoints say of the model.</summary>
    internal ModelCard Card { get; }

    /// <summary>The options that the run's results depend on, the words by their hash.</summary>
    private ImmutableSortedDictionary<string, string> Binding()
    {
        var options = Settings.Binding().SetItem(ModelCard.WordsHash, Corpus.Hash ?? HashOf(Get<string>("--input-file")));
        // A constant rate has no length, so that a run in parts leaves the same bytes as one in one piece.
        return Settings.Has("--schedule") && Get<string>("--schedule") != "constant"
            ? options.SetItem("--schedule-steps", $"{ScheduleSteps}")
            : options;
    }

    /// <summary>The SHA-256 of a file; nothing where there is no such file.</summary>
    internal static string HashOf(string path)
    {
        if (!File.Exists(path))
            return "";
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    internal string InWorkDir(string file) => Path.Combine(Get<string>("--work-dir"), file);

    /// <summary>The checkpoint whose options hold, where the run goes on from one.</summary>
    private static string? SavedFile(Settings settings) =>
        settings.Has("--resume") && settings.Get<bool>("--resume") ? Path.Combine(settings.Get<string>("--work-dir"), StateFile)
        : IsAboutSaved(settings) ? Path.Combine(settings.Get<string>("--work-dir"), ModelFile)
        : null;

    /// <summary>Whether something is asked of the saved model.</summary>
    private static bool IsAboutSaved(Settings settings) =>
        settings.Get<bool>("--sample-only") || settings.Get<string?>("--evaluate") is not null;

    private static ImmutableSortedDictionary<string, string> SavedOptions(string name, string file) =>
        ModelCard.ReadOptions(file).OrThrow(fault => Stop(
            name, [File.Exists(file) ? fault : Fault.Of($"{file}: nothing is saved there yet; train first")]));

    private static LanguageExt.Either<Fault, Corpus> ReadCorpus(Settings settings)
    {
        var path = settings.Get<string>("--input-file");
        var options = new CorpusOptions(
            path, settings.Get<int?>("--block-size"), settings.Get<SplitShares?>("--split"),
            settings.Get<bool>("--deduplicate"), settings.Get<bool>("--windows"),
            (long)settings.Get<int>("--in-memory") << 20,
            // Other programs read nothing but the answer.
            settings.Get<bool>("--json") ? null : new IndexProgress(path).Show);
        return Corpus.Read(options, SplitKey(settings.Get<int>("--seed")));
    }

    /// <summary>What the words are split by.</summary>
    internal static Key SplitKey(int seed) => Key.FromSeed(seed).At(Purpose.Split);

    /// <summary>The names that come with the project, seen from wherever in its tree the script lies.</summary>
    private static string DefaultWords(string script) => ProjectFile.Find(script, "data", "names.txt") is { } file
        ? Path.GetRelativePath(Environment.CurrentDirectory, file)
        : Path.Combine("data", "names.txt");

    private static T OrStop<T>(string name, LanguageExt.Validation<Fault, T> value) =>
        value.Match(success => success, faults => throw Stop(name, faults));

    internal void OrStop<T>(LanguageExt.Either<Fault, T> done) => done.OrThrow(fault => Stop(Name, [fault]));

    private T Else<T>(LanguageExt.Either<Fault, T> value) => value.OrThrow(fault => Stop(Name, [fault]));

    /// <summary>Ends the program with a line and exit code 1.</summary>
    internal Exception Stop(Fault fault) => Stop(Name, [fault]);

    /// <summary>Prints faults and ends the program; it is thrown so that the compiler knows.</summary>
    internal static OperationCanceledException Stop(string name, IEnumerable<Fault> faults)
    {
        foreach (var fault in faults)
            System.Console.Error.WriteLine($"{name}: {Remedies.Line(fault)}");
        Environment.Exit(1);
        return new OperationCanceledException();
    }

    /// <summary>What a run draws randomness for: each has its own key.</summary>
    private static class Purpose
    {
        public const int Split = 0, Init = 1, Batches = 2, Steps = 3, Samples = 4, Evaluation = 5;
    }
}
