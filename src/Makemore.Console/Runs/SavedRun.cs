using System.Collections.Immutable;
using LanguageExt;

namespace Makemore;

/// <summary>A saved run that the options speak of. The card in its checkpoint says all about the model; its words are identified
/// by their hash, wherever they are.</summary>
/// <param name="WorkDir">Its work dir.</param>
/// <param name="File">The checkpoint.</param>
/// <param name="Card">The card.</param>
/// <param name="Hash">The hash of the checkpoint's contents.</param>
internal sealed record SavedRun(string WorkDir, string File, ModelCard Card, string? Hash)
{
    /// <summary>Reads the card of the checkpoint that the options speak of.</summary>
    /// <param name="options">The options.</param>
    /// <param name="model">The name of the model that it must have.</param>
    public static Either<Fault, SavedRun> Read(Options options, string model)
    {
        EarlierRuns.PutBackUnlessInUse(options.WorkDir);
        var file = Path.Combine(options.WorkDir, options.IsAboutSaved ? WorkFiles.ModelFile : WorkFiles.StateFile);
        return
            from _ in System.IO.File.Exists(file)
                ? Unit.Default
                : (Either<Fault, Unit>)Fault.Of("no saved run; " + EarlierRuns.Remedy(options.WorkDir)).In(file)
            from metadata in Safetensors.ReadMetadata(file)
            from card in ModelCard.Of(metadata).Map(SavedOptions.Completed).In(file)
            from __ in card.AcceptModel(model).In(file)
            select new SavedRun(options.WorkDir, file, card, metadata.GetValueOrDefault(Safetensors.HashName));
    }

    /// <summary>Reads the card of a saved model whose parameters a new run begins with.</summary>
    /// <param name="run">A work dir, or a model file.</param>
    public static Either<Fault, SavedRun> ReadOrigin(string run)
    {
        var file = Checkpoint.Find(run, WorkFiles.ModelFile);
        return
            from _ in System.IO.File.Exists(file) ? Unit.Default : (Either<Fault, Unit>)Fault.Of("no saved model").In(file)
            from metadata in Safetensors.ReadMetadata(file)
            from card in ModelCard.Of(metadata).In(file)
            select new SavedRun(Path.GetDirectoryName(file) ?? "", file, card, metadata.GetValueOrDefault(Safetensors.HashName));
    }

    /// <summary>What a run that begins with this model says: which one it is, and which of its characters the words lack.</summary>
    public string Describe(IWords words) => $"parameters: those of {File}, of the model '{Card.Model}'"
        + (Card.Vocabulary.Beyond(words.ToVocabulary()) is { Length: > 0 } missing ? $", which also knows {missing}" : "");

    /// <summary>The options that give a model its form, with this model's values: those of the group of models, and the block
    /// size.</summary>
    /// <param name="entries">The options of the script.</param>
    public ImmutableSortedDictionary<string, string> Form(IEnumerable<OptionEntry> entries) =>
        (from entry in entries
         where entry.Spec.Group == OptionGroup.Model && Card.Options.ContainsKey(entry.Name)
         select KeyValuePair.Create(entry.Name, Card.Options[entry.Name]))
        .Append(KeyValuePair.Create(OptionEntry.NameOf(nameof(Options.BlockSize)), $"{Card.BlockSize}"))
        .ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Reads the words that the run was trained on.</summary>
    /// <param name="given">The file that has them, if the user says so; otherwise they are looked for.</param>
    /// <param name="usual">The file that scripts read by default.</param>
    /// <param name="script">The script, by which the project is found.</param>
    /// <param name="read">Reads a file.</param>
    public Either<Fault, Corpus> ReadWords(
        string? given, string usual, string script, Func<string, Either<Fault, Corpus>> read)
    {
        var hash = Card.Options.GetValueOrDefault(ModelCard.WordsHash, "");
        if (given is not null)
            return TrainedWords.In(given, hash, File, read);
        var recorded = JsonFile.Read<RunRecord>(Path.Combine(WorkDir, WorkFiles.RecordFile)).Match(record => record.Words, _ => "");
        return TrainedWords.Find(
            hash, RecordedPath.Find(WorkDir, recorded, script).Append(usual).Select(read),
            new Fault.WordsGone(recorded.Length > 0 ? RecordedPath.In(WorkDir, recorded) : null).In(File));
    }
}
