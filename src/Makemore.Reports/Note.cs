using static Makemore.Html;

namespace Makemore;

/// <summary>A paragraph.</summary>
/// <param name="Text">The text.</param>
public sealed record Note(string Text) : IBlock
{
    /// <inheritdoc/>
    public bool IsEmpty => Text.Length == 0;

    /// <inheritdoc/>
    public string ToHtml() => $"<p>{Escape(Text)}</p>\n";
}
