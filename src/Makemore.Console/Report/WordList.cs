using System.Collections.Immutable;

namespace Makemore;

/// <summary>Words under a title, each kept apart from its neighbours, whichever way it is read.</summary>
/// <param name="Title">What they are.</param>
/// <param name="Words">The words.</param>
public sealed record WordList(string Title, ImmutableArray<string> Words) : IBlock
{
    /// <inheritdoc/>
    public bool IsEmpty => Words.IsEmpty;

    /// <inheritdoc/>
    public string ToHtml() =>
        $"<div class=\"words\"><h3>{Html.Escape(Title)}</h3>\n<ul>{string.Concat(Words.Select(word => $"<li><bdi>{Html.Escape(word)}</bdi></li>"))}</ul></div>\n";
}
