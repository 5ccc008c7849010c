using System.Collections.Immutable;
using System.Text.Json;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>The metadata of a checkpoint: what it contains besides tensors.</summary>
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

    /// <summary>The card as a file's metadata.</summary>
    public IReadOnlyDictionary<string, string> ToMetadata() => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["format"] = $"makemore {Format}",
        ["model"] = Model,
        ["vocabulary"] = JsonSerializer.Serialize(Vocabulary.Elements, CheckpointJson.Default.IReadOnlyListString),
        ["block_size"] = $"{BlockSize}",
        ["options"] = JsonSerializer.Serialize(Options, CheckpointJson.Default.ImmutableSortedDictionaryStringString),
        ["script"] = Script,
        ["script_sha256"] = ScriptHash,
    };

    /// <summary>The name of the entry in Options that holds the hash of the words.</summary>
    public const string WordsHash = "words_sha256";

    /// <summary>Whether a run can be resumed: it was saved in this format, and trained on the same words.</summary>
    public Either<Fault, Unit> AcceptState(IReadOnlyDictionary<string, string> metadata) =>
        metadata.GetValueOrDefault("format") != $"makemore {Format}"
            ? Fault.Of("written by an older Makemore, whose runs cannot be resumed by this one; train again")
        : Options.TryGetValue(WordsHash, out var hash)
        && metadata.GetValueOrDefault("options")?.Contains(hash, StringComparison.Ordinal) != true
            ? new Fault.OtherWords()
            : unit;

    /// <summary>The options of the run that wrote a checkpoint.</summary>
    public static Either<Fault, ImmutableSortedDictionary<string, string>> ReadOptions(string path) =>
        Safetensors.Read(path).Bind<ImmutableSortedDictionary<string, string>>(file =>
        {
            try
            {
                return JsonSerializer.Deserialize(
                    file.Metadata.GetValueOrDefault("options") ?? "", CheckpointJson.Default.ImmutableSortedDictionaryStringString)
                    ?? ImmutableSortedDictionary<string, string>.Empty;
            }
            catch (JsonException)
            {
                return Fault.Of("not a checkpoint of Makemore: its metadata holds no options").In(path);
            }
        });

    /// <summary>Whether a file's metadata is of the same model, so that its parameters fit; otherwise what differs.</summary>
    public Either<Fault, Unit> Accept(IReadOnlyDictionary<string, string> metadata) =>
        metadata.GetValueOrDefault("format") is not { } format || !format.StartsWith("makemore ", StringComparison.Ordinal)
            ? Fault.Of("not a checkpoint of Makemore: its metadata names no format")
        : !int.TryParse(format.AsSpan("makemore ".Length), out var version) || version > Format
            ? Fault.Of($"written by a newer Makemore, in format '{format}'; this one reads up to {Format}")
        : metadata.GetValueOrDefault("model") != Model
            ? Fault.Of($"holds the model '{metadata.GetValueOrDefault("model")}', not '{Model}'")
        : metadata.GetValueOrDefault(Safetensors.HashName) is null
            ? Fault.Of("damaged: its metadata lacks the hash of its contents")
        : metadata.GetValueOrDefault("vocabulary") != ToMetadata()["vocabulary"]
            ? Fault.Of("holds a model with another vocabulary than that of the words file")
        : unit;
}
