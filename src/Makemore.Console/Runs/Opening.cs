using System.Collections.Immutable;
using LanguageExt;

namespace Makemore;

/// <summary>The start of a script: its command line and its words.</summary>
internal static class Opening
{
    private static readonly string Distributed = OptionEntry.NameOf(nameof(Options.Distributed));

    /// <summary>Reads a script's arguments and words; see <see cref="Run.Open"/>.</summary>
    public static (CommandLine Line, RunContext Context) Open(
        IEnumerable<string> arguments, string name, string description, Option[] offered, string script)
    {
        var shell = arguments.Contains(Distributed)
            ? RankShell.Open(Shell.Of(arguments), script).Match(own => own, fault => throw Shell.Of(arguments).Stop(name, [fault.In(Distributed)]))
            : Shell.Of(arguments);
        Option[] all =
        [
            Option.Group(OptionGroup.Data, (nameof(Options.InputFile), DefaultWords(script))), .. offered,
            Option.Group(OptionGroup.Output, (nameof(Options.WorkDir), $"out/{name}")),
        ];
        var line = shell.Parse(name, script, description, all, arguments);
        var given = line.To<Options>();
        if (Exclusive(given, line) is { IsLeft: true } exclusive)
            throw shell.Stop(name, [(Fault)exclusive]);
        var saved = given.IsAboutSaved || given.Resume
            ? Shell.Try(() => SavedRun.Read(given, name)).Match(run => run, fault => throw shell.Stop(name, [fault]))
            : null;
        var origin = saved is null && given.From is { } place
            ? Shell.Try(() => SavedRun.ReadOrigin(place)).Match(run => run, fault => throw shell.Stop(name, [fault.In("--from")]))
            : null;
        var merged = Merge(line, saved, origin).Match(parsed => parsed, faults => throw shell.Stop(name, faults));
        var options = InParts(saved is null && origin is null ? given : merged.To<Options>());
        return (
            merged,
            Shell.Try(() => Open(merged, options, saved, origin, name, script, shell))
                .Match(context => context, fault => throw shell.Stop(name, [fault])));
    }

    /// <summary>A saved run has its options; a model that a new run begins with has a form, which its options may change.</summary>
    private static Validation<Fault, CommandLine> Merge(CommandLine line, SavedRun? saved, SavedRun? origin) => (saved, origin) switch
    {
        ({ } run, _) => line.Over(run.Card.Options),
        (_, { } run) => line.WithDefaults(run.Form(line.Entries)),
        _ => Prelude.Success<Fault, CommandLine>(line),
    };

    private static Either<Fault, RunContext> Open(
        CommandLine line, Options options, SavedRun? saved, SavedRun? origin, string name, string script, Shell shell)
    {
        var given = options.Text ?? (line.IsGiven(nameof(Options.InputFile)) ? options.InputFile : null);
        var isText = saved?.Card.IsText ?? options.Text is not null;
        // A saved model needs no words, so they are read only when asked for.
        var words = new Lazy<Either<Fault, Corpus>>(() => saved is null
            ? ReadCorpus(options, options.Text ?? options.InputFile, isText, origin?.Card.Vocabulary, shell)
            // Words that were selected have fitted into memory before.
            : saved.ReadWords(given, options.InputFile, script, path => ReadCorpus(
                options.Deduplicate || options.MaxWordLength is not null ? options with { InMemory = int.MaxValue } : options,
                path, isText, saved.Card.Vocabulary, shell)));
        return
            from _ in Needs(options, shell.Ranks)
            from engine in Engines.Open(options.Engine, options.Device ?? "cpu", options.Threads, script)
                .MapLeft(fault => fault.In($"--engine {options.Engine}"))
            from __ in options.IsAboutSaved && given is null ? Unit.Default : words.Value.Map(_ => Unit.Default)
            from card in saved is not null && options.IsAboutSaved
                ? saved.Card
                : words.Value.Map(corpus => NewCard(line, options, corpus, name, script)
                    .WithOrigin(origin?.Hash ?? saved?.Card.Options.GetValueOrDefault(ModelCard.OriginHash)))
            from ___ in Sizes.Of(line, card.Vocabulary.Size, card.BlockSize)
                .Fit(line, !options.IsAboutSaved, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
            from ____ in Suits(line, card)
            from prompt in ReadPrompt(options, card)
            select new RunContext(card, script, options, engine, words, prompt, IReporter.Create(shell), shell)
            {
                Origin = origin,
                Resumed = saved,
            };
    }

    private static Options InParts(Options options) => options is { Distributed: true, Parts: null, Resume: false }
        ? options with { Parts = Options.DefaultParts }
        : options;

    /// <summary>Nothing, or an option of samples that the model does not have: of a text or of words.</summary>
    private static Either<Fault, Unit> Suits(CommandLine line, ModelCard card)
    {
        string[] others = card.IsText
            ? [nameof(Options.Num), nameof(Options.MaxLength), nameof(Options.Explain)]
            : [nameof(Options.NumTokens)];
        return others.FirstOrDefault(line.IsGiven) is not { } given ? Unit.Default : Fault.Of(
            $"{OptionEntry.NameOf(given)} is for models of {(card.IsText ? "words; of a text there is one sample, of --num-tokens" : "a text")}");
    }

    private static Either<Fault, int[]> ReadPrompt(Options options, ModelCard card) => options.PromptFile is { } file
        ? TextFile.Read(file).Bind(text => card.Vocabulary.Encode(card.IsText ? text : text.TrimEnd('\n')).In(file)).In("--prompt-file")
        : card.Vocabulary.Encode(options.Prompt).In("--prompt");

    private static ModelCard NewCard(CommandLine line, Options options, Corpus corpus, string name, string script) => new(
        name, corpus.Vocabulary, corpus.BlockSize, ResultOptions(line, options, corpus), Path.GetFileName(script), FileHash.Of(script));

    /// <summary>Nothing, or two options of which a run can have only one.</summary>
    private static Either<Fault, Unit> Exclusive(Options options, CommandLine line)
    {
        (string Property, bool IsGiven)[][] groups =
        [
            [
                (nameof(Options.SampleOnly), options.SampleOnly), (nameof(Options.Evaluate), options.Evaluate is not null),
                (nameof(Options.Export), options.Export is not null), (nameof(Options.Lens), options.Lens), (nameof(Options.Resume), options.Resume),
                // The checks go together.
                (options.FindLr ? nameof(Options.FindLr) : options.CheckGradients ? nameof(Options.CheckGradients)
                    : nameof(Options.OverfitBatch), options.IsCheck),
            ],
            .. new[] { nameof(Options.InputFile), nameof(Options.Windows), nameof(Options.Deduplicate), nameof(Options.MaxWordLength) }
                .Select(property => new[] { (nameof(Options.Text), options.Text is not null), (property, line.IsGiven(property)) }),
            [(nameof(Options.Prompt), options.Prompt.Length > 0), (nameof(Options.PromptFile), options.PromptFile is not null)],
            // That of the saved model is used.
            [(nameof(Options.From), options.From is not null), (nameof(Options.Vocabulary), options.Vocabulary is not null)],
            [(nameof(Options.Json), options.Json), (nameof(Options.Explain), options.Explain)],
            .. new[]
            {
                nameof(Options.FindLr), nameof(Options.CheckGradients), nameof(Options.OverfitBatch), nameof(Options.SampleOnly),
                nameof(Options.Evaluate), nameof(Options.Export), nameof(Options.Lens),
            }.Select(property => new[] { (nameof(Options.Distributed), options.Distributed), (property, line.IsGiven(property)) }),
        ];
        return groups.Select(group => group.Where(option => option.IsGiven).Select(option => OptionEntry.NameOf(option.Property)).ToArray())
            .FirstOrDefault(given => given.Length > 1) is [var first, var second, ..]
                ? Fault.Of($"{first} excludes {second}")
                : Unit.Default;
    }

    private static Either<Fault, Unit> Needs(Options options, IRanks ranks) =>
        options.Json && !(options.SampleOnly || options.Evaluate is not null) ? Fault.Of("--json needs --evaluate or --sample-only")
        : options.Explain && !options.SampleOnly ? Fault.Of("--explain needs --sample-only")
        : options.Target is not null && !(options.Lens && (options.Prompt.Length > 0 || options.PromptFile is not null))
            ? Fault.Of("--target needs --lens and --prompt")
        : options.Engine == Engines.Managed && options.Device is { } device
            ? Fault.Of($"--device {device}: only --engine {Engines.Torch} has devices")
        : options.Accumulate > options.MaxSteps && options is { MaxSteps: > 0, IsAboutSaved: false, IsCheck: false }
            ? Fault.Of(
                $"--accumulate {options.Accumulate} --max-steps {options.MaxSteps}: no update would be made, because each takes "
                + $"{options.Accumulate} steps, one batch each; --max-steps must be {options.Accumulate} or more")
        : options.Distributed && options.Parts is null
            ? Fault.Of($"{Distributed}: the saved run was not trained in parts, so this would change its bits; omit the option, or start a new run")
        : options is { Parts: { } parts, IsAboutSaved: false } ? Divides(options, parts, ranks.Count)
        : Unit.Default;

    /// <summary>Nothing, or why batches do not divide into parts, or parts among ranks.</summary>
    private static Either<Fault, Unit> Divides(Options options, int parts, int ranks) =>
        (parts & (parts - 1)) != 0 ? Fault.Of($"--parts {parts}: give a power of two")
        : options.BatchSize % parts != 0
            ? Fault.Of($"a batch of {options.BatchSize} does not divide into {parts} parts; give another --batch-size or --parts")
        : parts % ranks != 0
            ? Fault.Of($"the {parts} parts of a batch do not divide among {ranks} processes; start another number, or give --parts a larger power of two")
        : options.Engine != Engines.Managed ? Fault.Of($"--parts {parts}: only --engine {Engines.Managed} computes in parts")
        : Unit.Default;

    private static Either<Fault, Corpus> ReadCorpus(
        Options options, string path, bool isText, Vocabulary? vocabulary, Shell shell) => Corpus.Read(
        new(
            path, options.BlockSize, options.Split, options.Deduplicate, options.Windows, options.MaxWordLength,
            (long)options.InMemory << 20,
            // Programs that read JSON expect nothing else.
            options.Json ? null : new IndexProgress(path, shell).Show, vocabulary, options.Vocabulary, isText),
        SplitKey(options.SplitSeed));

    /// <summary>The options that the results depend on, with a hash of the words.</summary>
    private static ImmutableSortedDictionary<string, string> ResultOptions(CommandLine line, Options options, Corpus corpus)
    {
        var own = line.ResultOptions().SetItem(ModelCard.WordsHash, corpus.Hash);
        var marked = corpus.IsText ? own.SetItem(ModelCard.TextMark, "True") : own;
        var all = options.Parts is { } parts ? marked.SetItem(OptionEntry.NameOf(nameof(Options.Parts)), $"{parts}") : marked;
        // A constant schedule has no length, so that an interrupted and resumed run writes the same bytes as an uninterrupted one.
        var length = OptionEntry.NameOf(nameof(Options.ScheduleSteps));
        return all.ContainsKey(length) && options.Schedule != new Options().Schedule
            ? all.SetItem(length, $"{options.ScheduleLength}")
            : all;
    }

    /// <summary>The key for the split of the words by a seed.</summary>
    public static Key SplitKey(int seed) => Key.FromSeed(seed, Purpose.Split);

    /// <summary>The path of the project's names, wherever in the project the script is.</summary>
    public static string DefaultWords(string script) => ProjectFile.Find(script, "data", "names.txt") is { } file
        ? Path.GetRelativePath(Environment.CurrentDirectory, file)
        : Path.Combine("data", "names.txt");
}
