using System.Collections.Immutable;
using System.Globalization;
using static Makemore.Html;

namespace Makemore;

/// <summary>Rows of text under titles; the first column names the row.</summary>
/// <param name="Title">What the table shows; empty where what stands around it says so.</param>
/// <param name="Columns">The titles of the columns.</param>
/// <param name="Rows">The rows, each with a cell for every column.</param>
public sealed record DataTable(string Title, ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<string>> Rows) : IBlock
{
    // More columns need the whole width of a page.
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
        var kind = Columns.Length > NarrowColumns ? "scroll wide" : "scroll";
        return $"<div class=\"{kind}\" tabindex=\"0\" role=\"region\" aria-label=\"{name}\"><table>{caption}\n"
            + $"<thead><tr>{head}</thead>\n<tbody>\n{string.Concat(Rows.Select(Row))}</tbody></table></div>\n";
    }

    // The ends of cells and rows may be left out, which halves a table of a thousand cells.
    private static string Row(ImmutableArray<string> cells) =>
        $"<tr><th scope=\"row\">{Escape(cells[0])}{string.Concat(cells.Skip(1).Select(Cell))}\n";

    private static string Cell(string text) => $"<td{(IsNumber(text) ? "" : " class=\"t\"")}>{Escape(text)}";

    private static bool IsNumber(string text) =>
        double.TryParse(text.Split(' ')[0], NumberStyles.Any, CultureInfo.InvariantCulture, out _) || text is "" or "–";
}
