using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

/// <summary>The sections of reports: each a pure function of what it shows.</summary>
public static partial class Sections
{
    /// <summary>The most letters that a chart has room for; of more, the commonest are shown, and it says so.</summary>
    public const int MaxLetters = 40;

    private const string Step = "step";

    /// <summary>The words that a model made, by where else they stand.</summary>
    public static Section Samples(SampleGroups samples) => new(
        "Samples",
        "What the model makes. Words in train it may have learned by heart; words in test it has found without "
        + "having seen them; a word that ends in … was cut.",
        [.. samples.Titled().Select(group => new WordList($"{group.Words.Count} {group.Title}", [.. group.Words]))]);

    /// <summary>The leaves of a model's parameters.</summary>
    public static Section Parameters(IReadOnlyList<Leaf> leaves) => new(
        "Parameters",
        "All numbers that the model has learned, by the names that they have in its file.",
        [
            new DataTable(
                "", ["name", "shape", "numbers"],
                [
                    .. leaves.Select(leaf => (ImmutableArray<string>)
                        [leaf.Name, $"{leaf.Value.Shape}", Number(leaf.Value.Shape.Size)]),
                ]),
        ]);

    /// <summary>Counts of pairs of tokens, or other numbers of pairs.</summary>
    /// <param name="title">What the numbers are.</param>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="values">(V, V): the number of each pair, 0 or more.</param>
    public static Section Pairs(string title, Vocabulary vocabulary, long[,] values)
    {
        var tokens = Enumerable.Range(0, vocabulary.Size)
            .OrderByDescending(token => Enumerable.Range(0, vocabulary.Size).Sum(other => values[token, other]))
            .Take(MaxLetters).Order().ToArray();
        ImmutableArray<string> letters = [.. tokens.Select(vocabulary.Show)];
        return new(
            "Pairs",
            "The stronger the color, the larger the number, by its root, so that what is rare can be told from "
            + "what never occurs. A dot stands for the beginning and the end of a "
            + $"word.{Chosen(tokens.Length, vocabulary.Size)}",
            [
                new HeatmapChart(
                    title, "character", "next character", "count", letters, letters,
                    [.. tokens.SelectMany(row => tokens.Select(column => (double)values[row, column]))])
                {
                    IsRooted = true,
                    HasNumbers = true,
                },
            ]);
    }

    /// <summary>Says that not all letters are shown.</summary>
    private static string Chosen(int shown, int all) =>
        shown == all ? "" : $" Of {all} characters the {shown} commonest are shown.";

    /// <summary>A share for a person; what rounds to zero has no sign.</summary>
    internal static string Percent(double share) => Numbers.Show(Math.Round(100 * share, 1) + 0.0, "0.# '%'");
}
