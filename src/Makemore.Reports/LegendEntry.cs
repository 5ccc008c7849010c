using static Makemore.Html;

namespace Makemore;

/// <summary>A name beside a sample of what it stands for.</summary>
/// <param name="Name">The name.</param>
/// <param name="Series">Which of a chart's series it is, from 0: it decides the color.</param>
/// <param name="IsDashed">Whether it is drawn as a dashed line, because it is there to compare with.</param>
public sealed record LegendEntry(string Name, int Series, bool IsDashed = false)
{
    private const int Colors = 8;

    /// <summary>The entry as an item of a list.</summary>
    public string ToHtml() =>
        $"<li><svg viewBox=\"0 0 22 10\" aria-hidden=\"true\"><path class=\"{Stroke}\" d=\"M1 5H21\"/></svg>{Escape(Name)}</li>";

    /// <summary>The classes of the series' lines: eight colors, and dashes where these come round again.</summary>
    internal string Stroke => IsDashed ? "line reference" : $"line s{Series % Colors} dash{Series / Colors % 4}";

    /// <summary>The classes of the series' points and bars.</summary>
    internal string Fill => $"f{Series % Colors}";
}
