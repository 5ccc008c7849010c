using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

/// <summary>Words under a title, each kept apart from its neighbours, whichever way it is read.</summary>
/// <param name="Title">What they are.</param>
/// <param name="Words">The words.</param>
public sealed record WordList(string Title, ImmutableArray<string> Words) : IBlock
{
    /// <inheritdoc/>
    public bool IsEmpty => Words.IsEmpty;

    /// <inheritdoc/>
    public string ToHtml()
    {
        var items = string.Concat(Words.Select(word => $"<li><bdi>{Escape(word)}</bdi></li>"));
        return $"<div class=\"words\"><h3>{Escape(Title)}</h3>\n<ul>{items}</ul></div>\n";
    }
}
