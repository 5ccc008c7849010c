using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

/// <summary>A section of a report: charts that answer one question.</summary>
/// <param name="Title">The title.</param>
/// <param name="Explanation">What it shows and how to read it, in a sentence or two.</param>
/// <param name="Blocks">The charts, tables and lists of words.</param>
public sealed record Section(string Title, string Explanation, ImmutableArray<IBlock> Blocks) : IBlock
{
    private const int Whole = 12;

    /// <inheritdoc/>
    public bool IsEmpty => Blocks.All(block => block.IsEmpty);

    /// <inheritdoc/>
    public string ToHtml()
    {
        var blocks = Blocks.Where(block => !block.IsEmpty).ToArray();
        // Next to a block that would be alone in its row is what explains it.
        var style = blocks is [{ Breadth: Breadth.Half }] ? " class=\"single\"" : "";
        return $"<section id=\"{Anchor}\"{style}>\n<h2>{Escape(Title)}</h2>\n<p>{Escape(Explanation)}</p>\n<div class=\"blocks\">\n"
            + string.Concat(blocks.Zip(Spans(blocks), (block, span) => $"<div class=\"span{span}\">\n{block.ToHtml()}</div>\n"))
            + "</div>\n</section>\n";
    }

    /// <summary>The columns that each block takes, of twelve. Of an odd number of halves, the first three are thirds, so that no row
    /// has a hole; a single one takes a whole row.</summary>
    private static int[] Spans(IBlock[] blocks)
    {
        var halves = blocks.Count(block => block.Breadth == Breadth.Half);
        return
        [
            .. blocks.Select((block, i) => block.Breadth switch
            {
                Breadth.Quarter => Whole / 4,
                Breadth.Half when halves > 1 =>
                    halves % 2 == 1 && blocks.Take(i).Count(other => other.Breadth == Breadth.Half) < 3 ? Whole / 3 : Whole / 2,
                _ => Whole,
            }),
        ];
    }

    /// <summary>The id that links in the page refer to.</summary>
    internal string Anchor =>
        string.Concat(Title.ToLowerInvariant().Select(unit => char.IsAsciiLetterOrDigit(unit) ? unit : '-'));
}
