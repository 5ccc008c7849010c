using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

/// <summary>Words under a title, each isolated from its neighbors, so that right-to-left words do not reorder them.</summary>
/// <param name="Title">The title.</param>
/// <param name="Words">The words.</param>
public sealed record WordList(string Title, ImmutableArray<string> Words) : IBlock
{
    /// <inheritdoc/>
    public bool IsEmpty => Words.IsEmpty;

    /// <inheritdoc/>
    public Breadth Breadth => Breadth.Half;

    /// <inheritdoc/>
    public string ToHtml()
    {
        var items = string.Concat(Words.Select(word => $"<li><bdi>{Escape(word)}</bdi></li>"));
        return $"<div class=\"words\"><h3>{Escape(Title)}</h3>\n<ul>{items}</ul></div>\n";
    }
}
