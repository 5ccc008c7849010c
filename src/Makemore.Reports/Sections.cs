using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

/// <summary>The sections of reports, each a pure function of its data.</summary>
public static partial class Sections
{
    /// <summary>The maximum number of characters in a chart; of more, only the most frequent are shown.</summary>
    public const int MaxLetters = 40;

    private const string Step = "step";

    /// <summary>Samples from a model, by whether they are in train or test.</summary>
    public static Section Samples(SampleGroups samples) => new(
        "Samples",
        "Words sampled from the model. It may have memorized those in train; it has not seen those in test. A word that ends "
        + "in … was cut off.",
        [.. samples.Titled().Select(group => new WordList($"{group.Words.Count} {group.Title}", [.. group.Words]))]);

    /// <summary>A sample from a model of a text, line by line.</summary>
    public static Section Text(string text) => new(
        "Sample", "A text that the model wrote.", [new WordList("", [.. text.TrimEnd('\n').Split('\n').Select(Visible.Line)])]);

    /// <summary>How a passage is divided into tokens.</summary>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="passage">Tokens of a text, or of words with a stop after each.</param>
    /// <param name="isText">Whether they are of a text.</param>
    public static Section Tokens(Vocabulary vocabulary, ImmutableArray<int> passage, bool isText)
    {
        var bytes = passage.Sum(vocabulary.ByteCount);
        return new(
            "Tokens of a passage",
            $"How the first of the test {(isText ? "piece" : "words")} is divided into tokens: {Number(passage.Length)} for {Number(bytes)} bytes"
            + $"{(isText ? "" : $", {vocabulary.StopSign} after each word included")}. A space is ␣, a line end ␊.",
            [new TokenList($"{Numbers.Show((double)bytes / passage.Length, "0.00")} bytes per token", [.. passage.Select(vocabulary.Show)])]);
    }

    /// <summary>The parameters of a model.</summary>
    public static Section Parameters(IReadOnlyList<Leaf> leaves) => new(
        "Parameters",
        "All learned tensors, by their names in model.safetensors.",
        [
            new DataTable(
                "", ["name", "shape", "size"],
                [
                    .. leaves.Select(leaf => (ImmutableArray<string>)
                        [leaf.Name, $"{leaf.Value.Shape}", Number(leaf.Value.Shape.Size)]),
                ]),
        ]);

    /// <summary>Counts of pairs of tokens.</summary>
    /// <param name="title">The title of the chart.</param>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="values">(V, V): the count of each pair.</param>
    public static Section Pairs(string title, Vocabulary vocabulary, long[,] values)
    {
        var tokens = Enumerable.Range(0, vocabulary.Size)
            .OrderByDescending(token => Enumerable.Range(0, vocabulary.Size).Sum(other => values[token, other]))
            .Take(MaxLetters).Order().ToArray();
        ImmutableArray<string> letters = [.. tokens.Select(vocabulary.Show)];
        return new(
            "Pairs",
            "The color shows the square root of the count, so that rare pairs are distinguishable from pairs that never occur. "
            + $"{vocabulary.StopSign} is the start and the end of a word.{Chosen(tokens.Length, vocabulary.Size)}",
            [
                new HeatmapChart(
                    title, "character", "next character", "count", letters, letters,
                    [.. tokens.SelectMany(row => tokens.Select(column => (double)values[row, column]))])
                {
                    IsRootScaled = true,
                    HasValues = true,
                },
            ]);
    }

    /// <summary>A note if not all characters are shown.</summary>
    private static string Chosen(int shown, int all) =>
        shown == all ? "" : $" Only the {shown} most frequent of {all} characters are shown.";

    /// <summary>A share in percent; zero has no sign.</summary>
    internal static string Percent(double share) => Numbers.Show(Math.Round(100 * share, 1) + 0.0, "0.# '%'");
}
