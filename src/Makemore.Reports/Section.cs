using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

/// <summary>A part of a report: figures that answer one question.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Explanation">What is seen, and how to read it, in a sentence or two.</param>
/// <param name="Blocks">The figures, tables and words.</param>
public sealed record Section(string Title, string Explanation, ImmutableArray<IBlock> Blocks) : IBlock
{
    /// <inheritdoc/>
    public bool IsEmpty => Blocks.All(block => block.IsEmpty);

    /// <inheritdoc/>
    public string ToHtml() =>
        $"<section id=\"{Anchor}\">\n<h2>{Escape(Title)}</h2>\n<p>{Escape(Explanation)}</p>\n<div class=\"blocks\">\n"
        + string.Concat(Blocks.Where(block => !block.IsEmpty).Select(block => block.ToHtml())) + "</div>\n</section>\n";

    /// <summary>The name that a link in the page goes to.</summary>
    internal string Anchor =>
        string.Concat(Title.ToLowerInvariant().Select(unit => char.IsAsciiLetterOrDigit(unit) ? unit : '-'));
}
