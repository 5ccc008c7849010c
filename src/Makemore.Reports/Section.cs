using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

/// <summary>A section of a report: charts that answer one question.</summary>
/// <param name="Title">The title.</param>
/// <param name="Explanation">What it shows and how to read it, in a sentence or two.</param>
/// <param name="Blocks">The charts, tables and lists of words.</param>
public sealed record Section(string Title, string Explanation, ImmutableArray<IBlock> Blocks) : IBlock
{
    /// <inheritdoc/>
    public bool IsEmpty => Blocks.All(block => block.IsEmpty);

    /// <inheritdoc/>
    public string ToHtml() =>
        $"<section id=\"{Anchor}\">\n<h2>{Escape(Title)}</h2>\n<p>{Escape(Explanation)}</p>\n<div class=\"blocks\">\n"
        + string.Concat(Blocks.Where(block => !block.IsEmpty).Select(block => block.ToHtml())) + "</div>\n</section>\n";

    /// <summary>The id that links in the page refer to.</summary>
    internal string Anchor =>
        string.Concat(Title.ToLowerInvariant().Select(unit => char.IsAsciiLetterOrDigit(unit) ? unit : '-'));
}
