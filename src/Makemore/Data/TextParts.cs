using LanguageExt;

namespace Makemore;

/// <summary>A text in three contiguous pieces, each but the last ending with a line where there are line ends.</summary>
/// <param name="Train">The first piece, to learn from.</param>
/// <param name="Validation">The second one, for model selection; it may be empty.</param>
/// <param name="Test">The last one, for the loss that is reported.</param>
public sealed record TextParts(string Train, string Validation, string Test)
{
    // A line that is longer is cut.
    private const int MaxLine = 1 << 14;

    // Elements are shorter than this, in UTF-16 units.
    private const int MaxElement = 256;

    /// <summary>The default shares: 90 % for training, and 5 % each for validation and test.</summary>
    public static SplitShares DefaultShares { get; } = new(90, 5, 5);

    /// <summary>Cuts a text into its pieces.</summary>
    /// <returns>The pieces, or which one would be empty.</returns>
    public static Either<Fault, TextParts> Of(string text, SplitShares? shares = null)
    {
        var (train, validation, _) = shares ?? DefaultShares;
        var first = Cut(text, (int)(text.Length * train / 100));
        var second = validation == 0 ? first : Math.Max(first, Cut(text, (int)(text.Length * (train + validation) / 100)));
        var parts = new TextParts(text[..first], text[first..second], text[second..]);
        return parts switch
        {
            { Train: "" } => Empty("training"),
            { Validation: "" } when validation > 0 => Empty("validation"),
            { Test: "" } => Empty("test"),
            _ => parts,
        };

        Fault Empty(string piece) => Fault.Of($"the {piece} piece of the text is empty: {text.Length} characters are too few to split");
    }

    /// <summary>The beginning of a text: up to the end of the line at an index.</summary>
    public static string Beginning(string text, int at) => text[..Cut(text, Math.Min(at, text.Length))];

    /// <summary>The end of the line at an index; if that is far away, the next place between two text elements.</summary>
    private static int Cut(string text, int at)
    {
        var end = text.IndexOf('\n', at, Math.Min(MaxLine, text.Length - at));
        if (end >= 0)
            return end + 1;
        // An element begins at every character before the first combining mark.
        var near = Math.Max(0, at - MaxElement);
        var begin = near + Math.Max(0, text.AsSpan(near, at - near).LastIndexOfAnyInRange('\0', (char)(TextElements.FirstCombining - 1)));
        while (begin < at)
            begin += TextElements.First(text.AsSpan(begin));
        return begin;
    }
}
