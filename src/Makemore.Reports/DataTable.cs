using System.Collections.Immutable;
using System.Globalization;
using static Makemore.Html;

namespace Makemore;

/// <summary>A table of text; the first column names the row.</summary>
/// <param name="Title">The caption; empty if the context gives it.</param>
/// <param name="Columns">The column headers.</param>
/// <param name="Rows">The rows, each with a cell per column.</param>
public sealed record DataTable(string Title, ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<string>> Rows) : IBlock
{
    // A table with more columns takes the full width of the page.
    private const int NarrowColumns = 4;

    /// <inheritdoc/>
    public bool IsEmpty => Rows.IsEmpty;

    /// <inheritdoc/>
    public string ToHtml()
    {
        var (caption, name) = Title.Length == 0
            ? ("", "Table")
            : ($"<caption>{Escape(Title)}</caption>", Escape(Title));
        var head = string.Concat(Columns.Select(column => $"<th scope=\"col\">{Escape(column)}"));
        var style = Columns.Length > NarrowColumns ? "scroll wide" : "scroll";
        return $"<div class=\"{style}\" tabindex=\"0\" role=\"region\" aria-label=\"{name}\"><table>{caption}\n"
            + $"<thead><tr>{head}</thead>\n<tbody>\n{string.Concat(Rows.Select(Row))}</tbody></table></div>\n";
    }

    // HTML lets the closing tags of cells and rows be omitted, which halves the size of large tables.
    private static string Row(ImmutableArray<string> cells) =>
        $"<tr><th scope=\"row\">{Escape(cells[0])}{string.Concat(cells.Skip(1).Select(Cell))}\n";

    private static string Cell(string text) => $"<td{(IsNumber(text) ? "" : " class=\"t\"")}>{Escape(text)}";

    private static bool IsNumber(string text) =>
        double.TryParse(text.Split(' ')[0], NumberStyles.Any, CultureInfo.InvariantCulture, out _) || text is "" or "–";
}
