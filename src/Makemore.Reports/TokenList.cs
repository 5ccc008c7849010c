using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

/// <summary>Tokens under a title, one after the other, in colors that alternate and with a line under each.</summary>
/// <param name="Title">The title.</param>
/// <param name="Tokens">The tokens.</param>
public sealed record TokenList(string Title, ImmutableArray<string> Tokens) : IBlock
{
    /// <inheritdoc/>
    public bool IsEmpty => Tokens.IsEmpty;

    /// <inheritdoc/>
    public string ToHtml()
    {
        var items = string.Concat(Tokens.Select(token => $"<li><bdi>{Escape(token)}</bdi></li>"));
        return $"<div class=\"tokens\"><h3>{Escape(Title)}</h3>\n<ol>{items}</ol></div>\n";
    }
}
