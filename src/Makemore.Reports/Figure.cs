using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

/// <summary>A chart: a picture, what it says in words, and its numbers as a table behind it.</summary>
/// <param name="Title">What is shown.</param>
public abstract record Figure(string Title) : IBlock
{
    // More names would push the picture away from its title.
    private const int MaxAbove = 5;

    /// <summary>A sentence under the chart, where more has to be said than in its section.</summary>
    public string Caption { get; init; } = "";

    /// <inheritdoc/>
    public abstract bool IsEmpty { get; }

    /// <summary>What a person who cannot see the chart should know of it.</summary>
    public abstract string Description { get; }

    /// <summary>The data.</summary>
    public abstract DataTable Data { get; }

    /// <summary>The names of what is told apart by color; none where there is only one thing.</summary>
    public virtual ImmutableArray<LegendEntry> Legend => [];

    /// <summary>Whether it needs the whole width of a wide page, and may be scrolled sideways on a phone.</summary>
    public virtual bool IsWide => false;

    /// <summary>Whether it is one of many small ones.</summary>
    public virtual bool IsSmall => false;

    /// <summary>The size of the picture, in units in which letters are 12 high.</summary>
    protected abstract (double Width, double Height) Size { get; }

    /// <summary>What is drawn: the elements of an SVG.</summary>
    protected abstract string Draw();

    /// <summary>The picture: one SVG element, which a page's styles give its colors.</summary>
    public string ToSvg()
    {
        var (width, height) = Size;
        var (title, description) = (Escape(Title), Escape(Description));
        return $"<svg viewBox=\"0 0 {At(width)} {At(height)}\" role=\"img\" tabindex=\"0\" "
            + $"aria-label=\"{title}. {description}\"{(IsWide ? $" style=\"min-width:{At(width)}px\"" : "")}>"
            + $"<title>{title}</title><desc>{description}</desc>\n{Draw()}</svg>";
    }

    /// <inheritdoc/>
    public string ToHtml()
    {
        var legend = Legend.IsEmpty ? "" : $"<ul class=\"legend\">{string.Concat(Legend.Select(entry => entry.ToHtml()))}</ul>\n";
        var (above, below) = Legend.Length <= MaxAbove ? (legend, "") : ("", legend);
        var caption = Caption.Length == 0 ? "" : $"<figcaption>{Escape(Caption)}</figcaption>\n";
        var kind = IsWide ? "chart wide" : IsSmall ? "chart small" : "chart";
        return $"<figure class=\"{kind}\">\n<h3>{Escape(Title)}</h3>\n{above}"
            + $"<div class=\"plot\">{ToSvg()}</div>\n{below}{caption}"
            + $"<details><summary>The numbers</summary>{(Data with { Title = "" }).ToHtml()}</details>\n</figure>\n";
    }

    /// <summary>A mark of the chart: an element, given without its end, its classes, and what is said where it is pointed
    /// at.</summary>
    internal static string Mark(string element, string kind, string said) =>
        $"{element} class=\"m {kind}\" data-tip=\"{Escape(said)}\"/>\n";

    /// <summary>A text in the picture.</summary>
    internal static string Text(double x, double y, string text, string kind) =>
        $"<text x=\"{At(x)}\" y=\"{At(y)}\" class=\"{kind}\">{Escape(text)}</text>\n";
}
