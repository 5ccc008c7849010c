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
    public Breadth Breadth => Columns.Length > NarrowColumns ? Breadth.Full : Breadth.Half;

    /// <inheritdoc/>
    public string ToHtml()
    {
        var (caption, name) = Title.Length == 0
            ? ("", "Table")
            : ($"<caption>{Escape(Title)}</caption>", Escape(Title));
        bool[] isText = [.. Columns.Select((_, column) => !Rows.Any(row => IsNumber(row[column])))];
        var head = string.Concat(Columns.Zip(isText, (column, text) => $"<th scope=\"col\"{Style(text)}>{Escape(column)}"));
        return $"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{name}\"><table>{caption}\n"
            + $"<thead><tr>{head}</thead>\n<tbody>\n{string.Concat(Rows.Select(row => Row(row, isText)))}</tbody></table></div>\n";
    }

    // HTML lets the closing tags of cells and rows be omitted, which halves the size of large tables.
    private static string Row(ImmutableArray<string> cells, bool[] isText) =>
        $"<tr><th scope=\"row\">{Escape(cells[0])}"
        + $"{string.Concat(cells.Zip(isText, (cell, text) => $"<td{Style(text)}>{Escape(cell)}").Skip(1))}\n";

    private static string Style(bool isText) => isText ? " class=\"t\"" : "";

    private static bool IsNumber(string text) =>
        double.TryParse(text.Split(' ')[0].TrimEnd('%'), NumberStyles.Any, CultureInfo.InvariantCulture, out _) || text == "–";
}
