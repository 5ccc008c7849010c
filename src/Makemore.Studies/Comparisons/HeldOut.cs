using System.Collections.Immutable;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>What determines the words that runs hold out.</summary>
/// <param name="Of">Whose words these are, for messages.</param>
/// <param name="WordsHash">The hash of all words, which identifies their file.</param>
/// <param name="Options">The options of the runs, by name.</param>
internal sealed record HeldOut(string Of, string WordsHash, ImmutableSortedDictionary<string, string> Options)
{
    private const string Windows = "--windows";

    private static readonly string[] SplitOptions =
        [SavedOptions.SplitSeed, "--split", "--deduplicate", Windows, "--max-word-length"];

    /// <summary>Nothing, or why a run cannot be compared with others: it did not hold out the same words, so that one was trained on
    /// test words of the other.</summary>
    public Either<Fault, Unit> Accept(HeldOut others) =>
        WordsHash != others.WordsHash
            ? Fault.Of($"{Of}: was trained on different words from those of {others.Of}")
        : Option(Windows) == "True"
            ? Fault.Of($"{Of}: was trained with {Windows}; only runs on words can be compared")
        : SplitOptions.FirstOrDefault(name => Option(name) != others.Option(name)) is { } option
            ? Fault.Of(
                $"{Of}: has different test words from those of {others.Of}: {option} {Show(option)} instead of {others.Show(option)}")
        : unit;

    private string Option(string name) => Options.GetValueOrDefault(name, "");

    private string Show(string option) => Option(option) is { Length: > 0 } value ? value : "none";
}
