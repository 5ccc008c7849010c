using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using LanguageExt;

namespace Makemore;

/// <summary>Compares finished runs: each run's own script is started on the same held-out words, so that a tweak is compared like
/// any other model.</summary>
public static class Comparison
{
    private const int MaxModelBytes = 12_000_000;
    private const string Name = "compare", Description = "Compares finished runs on the same held-out words.";

    // The unit of losses where tokens differ.
    private const string Byte = "byte";

    private static readonly Argument<string[]> Folders = new("runs")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "the work dirs of finished runs, such as out/bigram out/mlp",
    };

    /// <summary>
    /// Compares the given runs, preceded by the whole ladder with --train: prints a table, and writes comparison.json and
    /// report.html to the work dir.
    /// </summary>
    /// <param name="arguments">The script's <c>Args</c>.</param>
    /// <param name="script">The path of the script; the compiler passes it.</param>
    /// <returns>The script's exit code; errors are printed on one line each.</returns>
    public static int Show(IEnumerable<string> arguments, [CallerFilePath] string script = "")
    {
        var (shell, children) = (Shell.Of(arguments), ChildScripts.Of(arguments));
        return shell.Run(
            Name, script, Description, OptionEntry.Of(new ComparisonOptions()), arguments, Folders,
            line => Show(line, script, shell, children));
    }

    private static Either<Fault, int> Show(CommandLine line, string script, Shell shell, ChildScripts children)
    {
        var options = line.To<ComparisonOptions>();
        using var reporter = IReporter.Create(shell);
        var (ladder, trust) = (new Ladder(options, script, children, reporter), new Trust(script, options.Trust));
        return
            from given in line.Operands.Length > 0 || options.Train
                ? Prelude.Right<Fault, ImmutableArray<string>>(line.Operands)
                : Fault.Of($"name {Folders.Description}, or --train the whole ladder")
            let trained = options.Train ? ladder.Runs : []
            let folders = WithAgainst(options.Against, [.. trained, .. given])
            // Before the ladder is trained, which takes long.
            from finished in folders.Except(trained).Select(folder => FinishedRun.Read(folder, script)).All()
            from _ in finished.Select(trust.Accept).All()
            from __ in options.Train ? ladder.Accept(finished) : Unit.Default
            from ___ in options.Train ? WorkDir.Locked(options.WorkDir, WorkFiles.OfComparison, ladder.Train) : Unit.Default
            from ____ in Compare(options, trust, folders, script, children, reporter)
            select 0;
    }

    private static Either<Fault, ComparedSeeds[]> Compare(
        ComparisonOptions options, Trust trust, string[] folders, string script, ChildScripts children, IReporter reporter) =>
        from runs in folders.Select(folder => FinishedRun.Read(folder, script)).All()
        from trusted in runs.Select(trust.Accept).All()
        from _ in runs.Select(run => run.HeldOut.Accept(runs[0].HeldOut)).All()
        from corpus in ReadCorpus(options, runs, script)
        from done in WorkDir.Locked(
            options.WorkDir, WorkFiles.OfComparison, () => Compare(options, runs, corpus, null, children, reporter))
        select done;

    /// <summary>Compares the runs of a sweep, in a work dir that the caller has locked.</summary>
    /// <param name="options">The options.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="settings">The setting of each.</param>
    /// <param name="script">The path of a script in the folder of the scripts.</param>
    /// <param name="children">Starts the scripts of the runs.</param>
    /// <param name="reporter">Where to show the results.</param>
    /// <returns>The settings, in the order in which they are first mentioned.</returns>
    internal static Either<Fault, ComparedSeeds[]> OfSweep(
        ComparisonOptions options, FinishedRun[] runs, string[] settings, string script, ChildScripts children, IReporter reporter) =>
        from _ in runs.Select(run => run.HeldOut.Accept(runs[0].HeldOut)).All()
        from corpus in ReadCorpus(options, runs, script)
        from done in Compare(options, runs, corpus, settings, children, reporter)
        select done;

    private static Either<Fault, ComparedSeeds[]> Compare(
        ComparisonOptions options, FinishedRun[] runs, Corpus corpus, string[]? settings, ChildScripts children, IReporter reporter)
    {
        string[] test = corpus.IsText ? Measurement.BlocksOf(corpus) : [.. corpus.Split.Test.All()], train = [.. FirstTrainWords(corpus)];
        var unit = corpus.IsText || IsPerByte(runs) ? Byte : corpus.Vocabulary.Unit;
        var (result, page) = (Path.Combine(options.WorkDir, WorkFiles.ComparisonFile), Path.Combine(options.WorkDir, WorkFiles.ReportFile));
        return
            from measured in corpus.IsText
                ? Measurement.OfTexts(runs, corpus, test.Length, result, children, reporter)
                : AtomicFile.WithTemporary(
                    result, stream => WriteLines(stream, test.Concat(train)),
                    file => MeasureAll(new(file, test, train, corpus, SampleReference.Of(corpus.Train, corpus.Test), unit == Byte)))
            let rows = WithDifferences(measured, test, options.Against, KeyFor(options, 2))
            let seeds = settings is null ? BySeed(runs, rows, measured) : BySetting(settings, rows, measured)
            from _ in JsonFile.Write(result, new ComparisonRecord(test.Length, options.Samples, unit, rows, seeds))
            from __ in ToReport(options, test.Length, unit, rows, seeds, [.. measured.Select(run => run.Shown)]).ToReport().Write(page)
            let ___ = Say(options, reporter, page, unit, settings is null ? rows : [], seeds)
            select seeds;

        Either<Fault, Measurement[]> MeasureAll(EvaluationWords words) =>
            runs.Select(run => Measurement.Of(options, run, words, children, reporter)).All();
    }

    private static Unit Say(
        ComparisonOptions options, IReporter reporter, string page, string unit, ComparedRun[] rows, ComparedSeeds[] seeds)
    {
        reporter.Say($"report: {page}");
        if (rows.Length > 0)
            reporter.Table(ComparisonTable.Titles(options.Against, unit == Byte), rows.Select(run => ComparisonTable.Row(run, unit == Byte)));
        if (seeds.Length > 0)
            reporter.Table(ComparisonTable.SeedTitles, seeds.Select(ComparisonTable.Row));
        return Unit.Default;
    }

    /// <summary>The folders, preceded by the one to compare with if it is not among them.</summary>
    private static string[] WithAgainst(string? against, string[] folders) =>
        against is null || folders.Any(folder => IsSame(folder, against)) ? folders : [against, .. folders];

    private static bool IsSame(string folder, string other) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(other));

    /// <summary>The runs, each compared with one of them, or with the one above it.</summary>
    private static ComparedRun[] WithDifferences(Measurement[] measured, string[] words, string? against, Key key)
    {
        var fixedOther = against is null ? null : measured.First(row => IsSame(row.Run.Folder, against));
        return
        [
            .. measured.Select((row, i) => (fixedOther ?? measured.ElementAtOrDefault(i - 1)) is { } other && other != row
                ? row.Run with { Difference = PairedTest.Of(row.Test, other.Test, words, key) }
                : row.Run),
        ];
    }

    /// <summary>The runs that differ in their seed alone, where there are several seeds.</summary>
    private static ComparedSeeds[] BySeed(FinishedRun[] runs, ComparedRun[] rows, Measurement[] measured) => Differing(
        (from i in Enumerable.Range(0, runs.Length)
         group i by runs[i].ButSeed into same
         let seeds = same.DistinctBy(i => runs[i].Option(FinishedRun.Seed)).ToArray()
         where seeds.Length > 1
         select (string.Join(' ', seeds.Select(i => rows[i].Folder)), seeds)).ToArray(),
        rows, measured);

    private static ComparedSeeds[] BySetting(string[] settings, ComparedRun[] rows, Measurement[] measured) => Differing(
        [.. Enumerable.Range(0, rows.Length).GroupBy(i => settings[i]).Select(same => (same.Key, same.ToArray()))], rows, measured);

    /// <summary>Settings, given by the indices of their runs, each compared with the best.</summary>
    private static ComparedSeeds[] Differing((string Name, int[] Runs)[] settings, ComparedRun[] rows, Measurement[] measured)
    {
        var differences = SeedsTest.AgainstLowest([.. settings.Select(same => same.Runs.Select(i => measured[i].Test).ToArray())]);
        return [.. settings.Select((same, i) => ComparedSeeds.Of(same.Name, [.. same.Runs.Select(run => rows[run])], differences[i]))];
    }

    /// <summary>The report, which names a run by the last part of its folder if these are unique.</summary>
    private static ComparisonReport ToReport(
        ComparisonOptions options, long words, string unit, ComparedRun[] runs, ComparedSeeds[] seeds, ImmutableArray<string>[] samples)
    {
        string[] names = [.. runs.Select(run => Path.GetFileName(Path.TrimEndingDirectorySeparator(run.Folder)))];
        var isUnique = names.Distinct().Count() == names.Length && names.All(name => name.Length > 0);
        ComparedRun[] named = [.. runs.Select((run, i) => isUnique ? run with { Folder = names[i] } : run)];
        return new(
            words, [.. named],
            new(
                "All runs", [.. ComparisonTable.Titles(options.Against, unit == Byte)],
                [.. named.Select(run => (ImmutableArray<string>)[.. ComparisonTable.Row(run, unit == Byte)])]),
            [.. seeds],
            new(
                "Seeds", [.. ComparisonTable.SeedTitles],
                [.. seeds.Select(same => (ImmutableArray<string>)[.. ComparisonTable.Row(same)])]),
            [.. named.Select((run, i) => new WordList(run.Folder, samples[i]))])
        {
            Unit = unit,
            Models = ModelsOf(runs, named),
        };
    }

    /// <summary>The models in the reports of runs, unless together they would be too much for a page.</summary>
    private static ImmutableArray<(string Name, string Json)> ModelsOf(ComparedRun[] runs, ComparedRun[] named)
    {
        ImmutableArray<(string Name, string Json)> models =
        [
            .. from pair in runs.Zip(named, (run, shown) => (Page: Path.Combine(run.Folder, WorkFiles.ReportFile), shown.Folder))
               from json in InputFile.ReadText(pair.Page).Match(Player.ModelIn, _ => LanguageExt.Option<string>.None).AsEnumerable()
               select (pair.Folder, json),
        ];
        return models.Sum(model => (long)model.Json.Length) <= MaxModelBytes ? models : [];
    }

    /// <summary>The key for a purpose.</summary>
    internal static Key KeyFor(ComparisonOptions options, int purpose) => Key.FromSeed(options.Seed).At(purpose);

    /// <summary>The training words whose loss shows how well a model has memorized them.</summary>
    private static IEnumerable<string> FirstTrainWords(Corpus corpus) => Enumerable
        .Range(0, (int)Math.Min(corpus.Split.Train.Count, Math.Max(ModelEvaluation.MinTrainWords, corpus.Split.Test.Count)))
        .Select(index => corpus.Split.Train[index]);

    private static void WriteLines(Stream stream, IEnumerable<string> lines)
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        foreach (var line in lines)
            writer.WriteLine(line);
    }

    /// <summary>The words of all runs, from where the user says they are, or else from where one of the runs had them.</summary>
    private static Either<Fault, Corpus> ReadCorpus(ComparisonOptions options, FinishedRun[] runs, string script)
    {
        var (first, places) = (runs[0], runs.SelectMany(run => RecordedPath.Find(run.Folder, run.Record.Words, script)).Distinct());
        return options.InputFile is { } given
            ? TrainedWords.In(given, first.WordsHash, first.Folder, Read)
            : TrainedWords.Find(first.WordsHash, places.Select(Read), new Fault.WordsGone(first.Words).In(first.Folder));

        Either<Fault, Corpus> Read(string path) => Common(runs).Bind(vocabulary => ReadCorpus(first, path, vocabulary));
    }

    /// <summary>The vocabulary of all runs, or one with the characters of all: a model that began with the parameters of another may
    /// know more than are in the words. None if no run has characters: then those of the words will do.</summary>
    private static Either<Fault, LanguageExt.Option<Vocabulary>> Common(FinishedRun[] runs)
    {
        var all = runs.Select(run => run.Card.Vocabulary).Distinct().ToArray();
        string[] characters = [.. all.Where(vocabulary => vocabulary.Pairs is null).SelectMany(vocabulary => vocabulary.Elements).Distinct()];
        return all is [var same] ? Prelude.Some(same)
            : characters.Length == 0 ? LanguageExt.Option<Vocabulary>.None
            : Vocabulary.FromElements(characters.Order(StringComparer.Ordinal)).Map(Prelude.Some);
    }

    /// <summary>Whether runs differ in what their tokens are, so that their losses per token cannot be compared.</summary>
    private static bool IsPerByte(FinishedRun[] runs) => runs.Any(run => !Equals(run.Card.Vocabulary.Pairs, runs[0].Card.Vocabulary.Pairs));

    private static Either<Fault, Corpus> ReadCorpus(FinishedRun run, string path, LanguageExt.Option<Vocabulary> vocabulary)
    {
        var plain = new CorpusOptions(
            path, run.Card.BlockSize, Deduplicate: run.IsDeduplicated, MaxWordLength: run.MaxWordLength,
            InMemory: run.IsInMemory ? long.MaxValue : CorpusOptions.DefaultInMemory,
            Vocabulary: vocabulary.IfNoneUnsafe((Vocabulary?)null), IsText: run.Card.IsText);
        Either<Fault, CorpusOptions> options = run.Option("--split") is { Length: > 0 } text
            ? SplitShares.Parse(text).Map(shares => plain with { Shares = shares })
            : plain;
        return int.TryParse(run.Option(SavedOptions.SplitSeed), NumberStyles.Integer, CultureInfo.InvariantCulture, out var seed)
            ? options.Bind(complete => Corpus.Read(complete, Opening.SplitKey(seed)))
            : Fault.Of($"{run.Folder}: {WorkFiles.ModelFile} does not say the run's {SavedOptions.SplitSeed}");
    }
}
