using System.Collections.Immutable;
using LanguageExt;

namespace Makemore;

/// <summary>The start of a script: its command line and its words.</summary>
internal static class Opening
{
    /// <summary>Reads a script's arguments and words; see <see cref="Run.Open"/>.</summary>
    public static (CommandLine Line, RunContext Context) Open(
        IEnumerable<string> arguments, string name, string description, Option[] options, string script)
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
        return (resumed, Open(resumed, name, script, shell).Match(context => context, fault => throw shell.Stop(name, [fault])));
    }

    private static Either<Fault, RunContext> Open(CommandLine line, string name, string script, Shell shell)
    {
        var options = line.To<Options>();
        return
            from _ in Exclusive(options)
            from engine in Engines.Open(options.Engine, options.Device ?? "cpu", options.Threads, script)
                .MapLeft(fault => fault.In($"--engine {options.Engine}"))
            from corpus in ReadCorpus(options, shell)
            from prompt in corpus.Vocabulary.Encode(options.Prompt).MapLeft(fault => fault.In("--prompt"))
            let card = new ModelCard(
                name, corpus.Vocabulary, corpus.BlockSize, ResultOptions(line, options, corpus), Path.GetFileName(script), FileHash.Of(script))
            select new RunContext(card, script, options, engine, corpus, prompt, IReporter.Create(shell), shell);
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
        var all = line.ResultOptions().SetItem(ModelCard.WordsHash, corpus.Hash ?? FileHash.Of(options.InputFile));
        // A constant schedule has no length, so that an interrupted and resumed run writes the same bytes as an uninterrupted one.
        var length = OptionEntry.NameOf(nameof(Options.ScheduleSteps));
        return all.ContainsKey(length) && options.Schedule != new Options().Schedule
            ? all.SetItem(length, $"{options.ScheduleLength}")
            : all;
    }

    /// <summary>The key for the split of the words.</summary>
    public static Key SplitKey(int seed) => Key.FromSeed(seed).At((int)Purpose.Split);

    /// <summary>The path of the project's names, wherever in the project the script is.</summary>
    private static string DefaultWords(string script) => ProjectFile.Find(script, "data", "names.txt") is { } file
        ? Path.GetRelativePath(Environment.CurrentDirectory, file)
        : Path.Combine("data", "names.txt");
}
