using LanguageExt;

namespace Makemore;

/// <summary>A finished run, read from its work dir.</summary>
/// <param name="Folder">The work dir, as it was given.</param>
/// <param name="Record">The contents of its run.json, which are of the saved model.</param>
/// <param name="Card">What the saved model itself says.</param>
/// <param name="Script">The path of its script.</param>
internal sealed record FinishedRun(string Folder, RunRecord Record, ModelCard Card, string Script)
{
    /// <summary>The option for the random seed.</summary>
    public const string Seed = "--seed";

    /// <summary>Whether the script has changed since the run.</summary>
    public bool HasChanged => FileHash.Of(Script) != Card.ScriptHash;

    /// <summary>Whether its words were deduplicated.</summary>
    public bool IsDeduplicated => Option("--deduplicate") == "True";

    /// <summary>The length beyond which words were left out, if any were.</summary>
    public int? MaxWordLength => int.TryParse(Option("--max-word-length"), out var length) ? length : null;

    /// <summary>Whether its words were selected, and so fit into memory.</summary>
    public bool IsInMemory => IsDeduplicated || MaxWordLength is not null;

    /// <summary>The arguments with which the script uses the run.</summary>
    public string[] Arguments => ["-o", Folder];

    /// <summary>The path of its words file, at the time of the run.</summary>
    public string Words => RecordedPath.In(Folder, Record.Words);

    /// <summary>The hash of its words.</summary>
    public string WordsHash => Option(ModelCard.WordsHash);

    /// <summary>What determines the words that it held out.</summary>
    public HeldOut HeldOut => new(Folder, WordsHash, Card.Options);

    /// <summary>The value of an option of the run; empty if it has none.</summary>
    public string Option(string name) => Card.Options.GetValueOrDefault(name, "");

    /// <summary>Everything that its results depend on but the seed, as text: equal for runs that differ in their seed alone. The number
    /// of steps is one of these, unless the run ended when its patience did.</summary>
    public string ButSeed => string.Join(
        '\n', [Card.Model, Card.ScriptHash, Option("--patience") is "" or "0" ? $"{Record.Steps}" : "", .. Card.Options.Remove(Seed).Select(option => $"{option.Key} {option.Value}")]);

    /// <summary>Reads a work dir.</summary>
    /// <param name="folder">The work dir.</param>
    /// <param name="near">A file of the project, where the script is looked for if the work dir was moved.</param>
    /// <returns>The run, or why it cannot be used.</returns>
    public static Either<Fault, FinishedRun> Read(string folder, string near)
    {
        if (string.IsNullOrWhiteSpace(folder))
            return Fault.Of("give the folder of a run");
        EarlierRuns.PutBackUnlessInUse(folder);
        var file = Path.Combine(folder, WorkFiles.ModelFile);
        return
            from _ in File.Exists(Path.Combine(folder, WorkFiles.RecordFile)) ? Prelude.unit : Missing(folder)
            from record in JsonFile.Read<RunRecord>(Path.Combine(folder, WorkFiles.RecordFile))
            from metadata in Safetensors.ReadMetadata(file)
            from card in ModelCard.Of(metadata).Map(SavedOptions.Completed).In(file)
            from __ in record.ModelHash is { } hash && hash == metadata.GetValueOrDefault(Safetensors.HashName)
                ? Prelude.unit
                : Unfinished(folder)
            from script in RecordedPath.Find(folder, record.Script, near).Select(Prelude.Right<Fault, string>)
                .DefaultIfEmpty(Fault.Of($"its script {RecordedPath.In(folder, record.Script)} is missing").In(folder)).First()
            select new FinishedRun(folder, record, card, script);
    }

    private static Either<Fault, Unit> Missing(string folder) =>
        Fault.Of($"no finished run: {WorkFiles.RecordFile} is missing; " + EarlierRuns.Remedy(folder)).In(folder);

    private static Either<Fault, Unit> Unfinished(string folder) => Fault.Of(
        $"no finished run: {WorkFiles.RecordFile} is not of the model in {WorkFiles.ModelFile}; --resume finishes a run that was stopped").In(folder);
}
