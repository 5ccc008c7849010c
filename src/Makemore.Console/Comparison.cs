using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using LanguageExt;

namespace Makemore;

/// <summary>A comparison of finished runs: each one's own script is started on the same held-out words, so a tweak is compared
/// like any other model.</summary>
public sealed partial class Comparison
{
    private const string Name = "compare", Description = "Compares finished runs on the same held-out words.",
        WordsFile = "words.txt", ResultFile = "comparison.json";

    // What decides which words a run was tested on; the words themselves are known by their hash.
    private static readonly string[] SplitOptions = ["--seed", "--split", "--deduplicate", "--windows"];

    private static readonly Argument<string[]> Folders = new("runs")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "the work dirs of finished runs, such as out/bigram out/mlp",
    };

    private const int WordsShown = 20;

    private readonly IReporter _reporter = IReporter.Create();
    private readonly Settings _settings;
    private readonly string _scripts;

    private Comparison(Settings settings, string scripts) => (_settings, _scripts) = (settings, scripts);

    /// <summary>Reads the arguments of compare.csx. Every fault in them is printed, and ends the program with exit code
    /// 1.</summary>
    /// <param name="arguments">The script's <c>Args</c>.</param>
    /// <param name="script">The script's path; the compiler gives it.</param>
    public static Comparison Open(IEnumerable<string> arguments, [CallerFilePath] string script = "")
    {
        System.Console.OutputEncoding = System.Text.Encoding.UTF8;
        var settings = Settings
            .Parse(Path.GetFileName(script), Description, [Offer.Comparing()], [.. arguments], Folders)
            .Match(settings => settings, faults => throw Stop(faults));
        if (settings.Get(Folders).Length == 0 && !settings.Get<bool>("--train"))
            throw Stop([Fault.Of($"name {Folders.Description}, or --train the whole ladder")]);
        return new(settings, Path.GetDirectoryName(script)!);
    }

    /// <summary>The runs that were named, and before them the ladder where it was trained.</summary>
    public IReadOnlyList<string> Runs => [.. Get<bool>("--train") ? Ladder.Select(InWorkDir) : [], .. _settings.Get(Folders)];

    /// <summary>Compares runs, prints the table, and writes what was found to comparison.json and report.html in the work
    /// dir.</summary>
    public void Compare(IEnumerable<string> folders)
    {
        var runs = folders.Select(folder => OrStop(FinishedRun.Read(folder))).ToArray();
        foreach (var run in runs)
            OrStop(IsComparable(run, runs[0]));
        var (first, words) = (runs[0], InWorkDir(WordsFile));
        var corpus = OrStop(ReadCorpus(first));
        var (test, train) = (corpus.Split.Test.All().ToArray(), FirstTrainWords(corpus));
        OrStop(AtomicFile.Write(words, stream => WriteLines(stream, test.Concat(train))));
        var reference = SampleReference.Of(corpus.Train, corpus.Test);
        var measured = runs.Select(run => Measure(run, words, test.Length, corpus, reference)).ToArray();
        var rows = measured.Select((row, i) => i == 0 ? row.Run : row.Run with
        {
            AgainstAbove = PairedBootstrap.Of(row.Test, measured[i - 1].Test, KeyFor(2)),
        }).ToArray();
        OrStop(JsonFile.Write(InWorkDir(ResultFile), new ComparisonRecord(test.Length, Get<int>("--samples"), rows)));
        OrStop(Report(test.Length, rows, [.. measured.Select(run => run.Words)]).ToReport().Write(InWorkDir(Run.ReportFile)));
        _reporter.Say($"report: {InWorkDir(Run.ReportFile)}");
        _reporter.Table(Titles, rows.Select(Row));
        _reporter.Dispose();
    }

    /// <summary>The report calls a run by the last part of its folder, where that tells it from all others.</summary>
    private static ComparisonReport Report(long words, ComparedRun[] runs, ImmutableArray<string>[] samples)
    {
        string[] names = [.. runs.Select(run => Path.GetFileName(Path.TrimEndingDirectorySeparator(run.Folder)))];
        var isClear = names.Distinct().Count() == names.Length && names.All(name => name.Length > 0);
        ComparedRun[] named = [.. runs.Select((run, i) => isClear ? run with { Folder = names[i] } : run)];
        return new(
            words, [.. named], new("", [.. Titles], [.. named.Select(run => (ImmutableArray<string>)[.. Row(run)])]),
            [.. named.Select((run, i) => new WordList(run.Folder, samples[i]))]);
    }

    private T Get<T>(string name) => _settings.Get<T>(name);

    private Key KeyFor(int purpose) => Key.FromSeed(Get<int>("--seed")).At(purpose);

    private string InWorkDir(string name) => Path.Combine(Get<string>("--work-dir"), name);

    /// <summary>A few words' loss tells how well a model knows its training words.</summary>
    private static IEnumerable<string> FirstTrainWords(Corpus corpus) => Enumerable
        .Range(0, (int)Math.Min(corpus.Split.Train.Count, Math.Max(ModelEvaluation.MinTrainWords, corpus.Split.Test.Count)))
        .Select(index => corpus.Split.Train[index]);

    private static void WriteLines(Stream stream, IEnumerable<string> lines)
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        foreach (var line in lines)
            writer.WriteLine(line);
    }

    private static Either<Fault, Corpus> ReadCorpus(FinishedRun run)
    {
        var plain = new CorpusOptions(
            run.Words, run.Record.BlockSize, Deduplicate: run.IsDeduplicated,
            InMemory: run.IsDeduplicated ? long.MaxValue : CorpusOptions.DefaultInMemory);
        Either<Fault, CorpusOptions> options = run.Option("--split") is { Length: > 0 } text
            ? SplitShares.Parse(text).In("--split").Map(shares => plain with { Shares = shares })
            : plain;
        return int.TryParse(run.Option("--seed"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var seed)
            ? options.Bind(complete => Corpus.Read(complete, Run.SplitKey(seed)))
            : Fault.Of($"{run.Folder}: {Run.RecordFile} does not say the run's --seed");
    }

    /// <summary>Whether a run held out the same words as another, so that none has learned what the other is tested
    /// on.</summary>
    private static Either<Fault, Unit> IsComparable(FinishedRun run, FinishedRun first) =>
        run.Record.WordsHash != first.Record.WordsHash
            ? Fault.Of($"{run.Folder}: learned from other words than {first.Folder}")
        : run.Option("--windows") == "True"
            ? Fault.Of($"{run.Folder}: was trained with --windows; only runs on words are compared")
        : SplitOptions.FirstOrDefault(name => run.Option(name) != first.Option(name)) is { } option
            ? Fault.Of(
                $"{run.Folder}: has other test words than {first.Folder}: its {option} was {Shown(run, option)}, not "
                + Shown(first, option))
        : Prelude.unit;

    private static string Shown(FinishedRun run, string option) =>
        run.Option(option) is { Length: > 0 } value ? value : "left out";

    private Findings Measure(
        FinishedRun run, string words, int tested, Corpus corpus, SampleReference reference)
    {
        if (run.HasChanged)
            _reporter.Say($"{run.Folder}: {run.Script} has changed since the run was made");
        var losses = OrStop(Ask<HeldLossesRecord>(run, "--evaluate", words));
        var (test, train) = (losses.ByWord().Take(tested).ToArray(), losses.ByWord().Skip(tested).ToArray());
        var (onTest, onTrain) = (LossSummary.Of(test, KeyFor(0)), LossSummary.Of(train, KeyFor(1)));
        var made = Get<int>("--samples") == 0 ? [] : OrStop(Samples(run));
        var samples = made.Length == 0 ? null : SampleSummary.Of(made, reference, KeyFor(3));
        return new(
            new(
                run.Folder, run.Record.Model, losses.Parameters, run.Record.Steps, run.Record.MillisecondsPerStep, run.HasChanged,
                onTrain, onTest, samples, samples is null ? null : Memorization.Of(samples, LossGap.Of(onTrain, onTest)), null),
            test, [.. made.Take(WordsShown).Select(sample => corpus.Vocabulary.Decode([.. sample.Tokens]))]);
    }

    private Either<Fault, Sample[]> Samples(FinishedRun run) =>
        from record in Ask<SamplesRecord>(
            run, "--sample-only", "--num", $"{Get<int>("--samples")}",
            "--max-length", $"{Run.BlocksInASample * run.Record.BlockSize}")
        select record.Samples.Select(sample => new Sample([.. sample.Tokens], sample.Finished)).ToArray();

    /// <summary>What the run's own script answers.</summary>
    private static Either<Fault, T> Ask<T>(FinishedRun run, params string[] question) => (
        from answer in ScriptHost.Listen(run.Script, [.. run.Arguments, "--json", .. question], _ => { })
        from value in JsonFile.Parse<T>(answer).In(run.Script)
        select value).In(run.Folder);

    private static T OrStop<T>(Either<Fault, T> value) => value.OrThrow(fault => Stop([fault]));

    /// <summary>Prints faults and ends the program; it is thrown so that the compiler knows.</summary>
    private static OperationCanceledException Stop(IEnumerable<Fault> faults) => Run.Stop(Name, faults);

    /// <summary>A run, its losses word by word, and some of its words.</summary>
    private sealed record Findings(ComparedRun Run, IReadOnlyList<(double Nats, int Tokens)> Test, ImmutableArray<string> Words);
}
