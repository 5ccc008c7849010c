using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

/// <summary>A chart: a picture, a description in words, and its data as a table.</summary>
/// <param name="Title">The title.</param>
public abstract record Figure(string Title) : IBlock
{
    // A longer legend would push the picture away from its title.
    private const int MaxEntriesAbove = 5;

    /// <summary>A sentence below the chart; empty for none.</summary>
    public string Caption { get; init; } = "";

    /// <inheritdoc/>
    public abstract bool IsEmpty { get; }

    /// <summary>The description that screen readers read out.</summary>
    public abstract string Description { get; }

    /// <summary>The data of the chart.</summary>
    public abstract DataTable Data { get; }

    /// <summary>The legend; empty if there is only one series.</summary>
    public virtual ImmutableArray<LegendEntry> Legend => [];

    /// <summary>How much of the width of a wide page it takes. One that takes all of it scrolls sideways on a phone.</summary>
    public virtual Breadth Breadth => Breadth.Half;

    /// <summary>The size of the picture, in units of its viewBox; letters are 12 high, and 15 in a small picture.</summary>
    protected abstract (double Width, double Height) Size { get; }

    /// <summary>The contents of the SVG element.</summary>
    protected abstract string Draw();

    /// <summary>The picture: one SVG element, colored by the page's style sheet.</summary>
    public string ToSvg()
    {
        var (width, height) = Size;
        var (title, description) = (Escape(Title), Escape(Description));
        return $"<svg viewBox=\"0 0 {At(width)} {At(height)}\" role=\"img\" tabindex=\"0\" "
            + $"aria-label=\"{title}. {description}\"{(Breadth == Breadth.Full ? $" style=\"min-width:{At(width)}px\"" : "")}>"
            + $"<title>{title}</title><desc>{description}</desc>\n{Draw()}</svg>";
    }

    /// <inheritdoc/>
    public string ToHtml()
    {
        var legend = Legend.IsEmpty ? "" : $"<ul class=\"legend\">{string.Concat(Legend.Select(entry => entry.ToHtml()))}</ul>\n";
        var (above, below) = Legend.Length <= MaxEntriesAbove ? (legend, "") : ("", legend);
        var caption = Caption.Length == 0 ? "" : $"<figcaption>{Escape(Caption)}</figcaption>\n";
        return $"<figure class=\"chart\">\n<h3>{Escape(Title)}</h3>\n{above}"
            + $"<div class=\"plot\">{ToSvg()}</div>\n{below}{caption}"
            + $"<details><summary>Data</summary>{(Data with { Title = "" }).ToHtml()}</details>\n</figure>\n";
    }

    /// <summary>A mark of the chart with a tooltip.</summary>
    /// <param name="element">The element, without its end.</param>
    /// <param name="style">Its classes.</param>
    /// <param name="tip">The tooltip.</param>
    internal static string Mark(string element, string style, string tip) =>
        $"{element} class=\"m {style}\" data-tip=\"{Escape(tip)}\"/>\n";

    /// <summary>Text in the picture.</summary>
    internal static string Text(double x, double y, string text, string style) =>
        $"<text x=\"{At(x)}\" y=\"{At(y)}\" class=\"{style}\">{Escape(text)}</text>\n";
}
