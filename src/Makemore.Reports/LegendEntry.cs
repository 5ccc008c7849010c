using static Makemore.Html;

namespace Makemore;

/// <summary>An entry of a legend: a line in the style of a series, and its name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Series">The index of the series, from 0; it determines the color.</param>
/// <param name="IsDashed">Whether it is a reference line, which is dashed.</param>
public sealed record LegendEntry(string Name, int Series, bool IsDashed = false)
{
    private const int Colors = 8;

    /// <summary>The entry as a list item.</summary>
    public string ToHtml() =>
        $"<li><svg viewBox=\"0 0 22 10\" aria-hidden=\"true\"><path class=\"{Stroke}\" d=\"M1 5H21\"/></svg>{Escape(Name)}</li>";

    /// <summary>The classes of the series' lines: eight colors, then the same ones dashed.</summary>
    internal string Stroke => IsDashed ? "line reference" : $"line s{Series % Colors} dash{Series / Colors % 4}";

    /// <summary>The classes of the series' points and bars.</summary>
    internal string Fill => $"f{Series % Colors}";
}
