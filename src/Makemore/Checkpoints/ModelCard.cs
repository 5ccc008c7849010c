using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>The metadata of a checkpoint: what it contains besides tensors. <see cref="Of{P,C}(Model{P,C}, Vocabulary)"/> makes that of
/// a model.</summary>
/// <param name="Model">The name of the model.</param>
/// <param name="Vocabulary">The vocabulary.</param>
/// <param name="BlockSize">The maximum length of a sequence.</param>
/// <param name="Options">The options of the run that the results depend on, by name.</param>
/// <param name="Script">The file name of the script that declares the model.</param>
/// <param name="ScriptHash">The SHA-256 of the script.</param>
public sealed record ModelCard(
    string Model, Vocabulary Vocabulary, int BlockSize, ImmutableSortedDictionary<string, string> Options, string Script,
    string ScriptHash)
{
    /// <summary>The version of the checkpoint format. Version 1 had different names for the optimizer's state; its models can be
    /// read, its runs cannot be resumed.</summary>
    public const int Format = 2;

    private static readonly string[] Vocabularies = ["vocabulary", "merges"];

    /// <summary>The card of a model that no script declares.</summary>
    public static ModelCard Of<P, C>(Model<P, C> model, Vocabulary vocabulary) =>
        new(model.Name, vocabulary, model.BlockSize, ImmutableSortedDictionary<string, string>.Empty, "", "");

    /// <summary>Reads the card of a saved model or run.</summary>
    /// <param name="file">The file.</param>
    public static Either<Fault, ModelCard> Read(string file) =>
        Safetensors.ReadMetadata(file).Bind(metadata => Of(metadata).In(file));

    /// <summary>The value of an option, such as a size that the model was made with.</summary>
    /// <exception cref="FaultException">There is none, or it is of another type. <see cref="TrainedModel"/> and
    /// <see cref="RunState"/> return that as the fault of the file.</exception>
    public T Get<T>(string option)
        where T : IParsable<T> =>
        !Options.TryGetValue(option, out var text) ? throw new FaultException(Fault.Of($"holds a model without an option '{option}'"))
        : T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value
        : throw new FaultException(Fault.Of($"holds a model whose option '{option}' is '{text}', which is not of type {typeof(T).Name}"));

    /// <summary>The card with a value for an option, for <see cref="Get"/> to read.</summary>
    public ModelCard With(string option, IConvertible value) =>
        this with { Options = Options.SetItem(option, value.ToString(CultureInfo.InvariantCulture)) };

    /// <summary>The card as a file's metadata. A vocabulary of byte pairs has its merges there, as pairs of the tokens of
    /// <see cref="BytePairs"/>.</summary>
    public IReadOnlyDictionary<string, string> ToMetadata()
    {
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["format"] = $"makemore {Format}",
            ["model"] = Model,
            ["vocabulary"] = JsonSerializer.Serialize(Vocabulary.Elements, CheckpointJson.Default.IReadOnlyListString),
            ["block_size"] = $"{BlockSize}",
            ["options"] = JsonSerializer.Serialize(Options, CheckpointJson.Default.ImmutableSortedDictionaryStringString),
            ["script"] = Script,
            ["script_sha256"] = ScriptHash,
        };
        if (Vocabulary.Pairs is { } pairs)
            metadata["merges"] = JsonSerializer.Serialize(
                pairs.Merges.Select(pair => new[] { pair.Left, pair.Right }).ToArray(), CheckpointJson.Default.Int32ArrayArray);
        return metadata;
    }

    /// <summary>The default maximum length of a generated word: what fits into a block with its end, in tokens.</summary>
    public int DefaultMaxLength => Math.Max(1, BlockSize - 1);

    /// <summary>The name of the entry in Options that holds the hash of the words.</summary>
    public const string WordsHash = "words_sha256";

    /// <summary>The name of the entry in Options that says that the run learns a text instead of words.</summary>
    public const string TextMark = "text";

    /// <summary>Whether the model is of a text instead of words.</summary>
    public bool IsText => Options.ContainsKey(TextMark);

    /// <summary>The name of the entry in Options that holds the hash of the saved model that the run began with, if any.</summary>
    public const string OriginHash = "from_sha256";

    /// <summary>The card of a run that began with a saved model.</summary>
    /// <param name="hash">The <see cref="Safetensors.HashName"/> of the model; null for none.</param>
    public ModelCard WithOrigin(string? hash) => hash is null ? this : this with { Options = Options.SetItem(OriginHash, hash) };

    /// <summary>Whether a run can be resumed: it was saved in this format, and trained on the same words.</summary>
    public Either<Fault, Unit> AcceptState(IReadOnlyDictionary<string, string> metadata) =>
        metadata.GetValueOrDefault("format") != $"makemore {Format}"
            ? Fault.Of("written by an older Makemore, whose runs cannot be resumed by this one; train again")
        : Options.TryGetValue(WordsHash, out var hash)
        && metadata.GetValueOrDefault("options")?.Contains(hash, StringComparison.Ordinal) != true
            ? new Fault.OtherWords()
            : unit;

    /// <summary>The card in a file's metadata.</summary>
    public static Either<Fault, ModelCard> Of(IReadOnlyDictionary<string, string> metadata) =>
        from _ in AcceptFormat(metadata)
        from card in Parse(metadata)
        select card;

    private static Either<Fault, ModelCard> Parse(IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            var elements = JsonSerializer.Deserialize(metadata["vocabulary"], CheckpointJson.Default.IReadOnlyListString);
            var options = JsonSerializer.Deserialize(
                metadata["options"], CheckpointJson.Default.ImmutableSortedDictionaryStringString);
            var blockSize = int.Parse(metadata["block_size"], NumberStyles.None, CultureInfo.InvariantCulture);
            if (blockSize is > 0 and <= Words.MaxLineLength && elements?.All(element => element is not null) == true
                && options?.Values.All(value => value is not null) == true)
                return VocabularyOf(elements, metadata.GetValueOrDefault("merges")).Map(vocabulary => new ModelCard(
                    metadata["model"], vocabulary, blockSize, options, metadata["script"], metadata["script_sha256"]));
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or OverflowException or JsonException)
        {
            // As other metadata that is not a card.
        }
        return Fault.Of("not a checkpoint of Makemore: its metadata does not describe a model");
    }

    private static Either<Fault, Vocabulary> VocabularyOf(IReadOnlyList<string> elements, string? merges)
    {
        if (merges is null)
            return Vocabulary.FromElements(elements);
        var pairs = JsonSerializer.Deserialize(merges, CheckpointJson.Default.Int32ArrayArray) ?? [];
        return pairs.All(pair => pair is { Length: 2 })
            ? from encoding in BytePairs.FromMerges(
                  pairs.Select(pair => (pair[0], pair[1])), maxBytes: elements.Sum(element => (long)element.Length))
              let vocabulary = Vocabulary.Of(encoding)
              from _ in vocabulary.Elements.SequenceEqual(elements)
                  ? unit
                  : (Either<Fault, Unit>)Fault.Of("damaged: its merges do not match its vocabulary")
              select vocabulary
            : Fault.Of("damaged: a merge in its metadata is not of two tokens");
    }

    /// <summary>Whether a file's metadata is of the same model, so that its parameters fit; otherwise what differs.</summary>
    public Either<Fault, Unit> Accept(IReadOnlyDictionary<string, string> metadata) =>
        from _ in AcceptFormat(metadata)
        from __ in metadata.GetValueOrDefault("model") is var model && model != Model
            ? OtherModel(model, Model)
        : metadata.GetValueOrDefault(Safetensors.HashName) is null
            ? Fault.Of("damaged: its metadata lacks the hash of its contents")
        : ToMetadata() is var own && !Vocabularies.All(name => metadata.GetValueOrDefault(name) == own.GetValueOrDefault(name))
            ? Fault.Of("holds a model with another vocabulary")
        : (Either<Fault, Unit>)unit
        select unit;

    /// <summary>The model that a program makes of the card, if it has the name that the card says.</summary>
    internal Either<Fault, Model<P, C>> Make<P, C>(Func<ModelCard, Model<P, C>> model)
    {
        try
        {
            var made = model(this);
            return AcceptModel(made.Name).Map(_ => made);
        }
        catch (FaultException e)
        {
            return e.Fault;
        }
    }

    /// <summary>Whether the card is of a model with this name.</summary>
    public Either<Fault, Unit> AcceptModel(string name) => Model == name ? unit : OtherModel(Model, name);

    private static Fault OtherModel(string? found, string expected) => Fault.Of($"holds the model '{found}', not '{expected}'");

    private static Either<Fault, Unit> AcceptFormat(IReadOnlyDictionary<string, string> metadata) =>
        metadata.GetValueOrDefault("format") is not { } format || !format.StartsWith("makemore ", StringComparison.Ordinal)
            ? Fault.Of("not a checkpoint of Makemore: its metadata names no format")
        : !int.TryParse(format.AsSpan("makemore ".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var version) || version > Format
            ? Fault.Of($"written by a newer Makemore, in format '{format}'; this one reads up to {Format}")
        : unit;
}
