using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

/// <summary>A number for each pair of a row and a column, as the depth of a color.</summary>
/// <param name="Title">What is shown.</param>
/// <param name="RowTitle">What the rows are.</param>
/// <param name="ColumnTitle">What the columns are.</param>
/// <param name="ValueTitle">What the numbers are, with their unit.</param>
/// <param name="Rows">The names of the rows.</param>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Values">The numbers, row by row, 0 or more; what is no number has no cell.</param>
public sealed record HeatmapChart(
    string Title, string RowTitle, string ColumnTitle, string ValueTitle, ImmutableArray<string> Rows,
    ImmutableArray<string> Columns, ImmutableArray<double> Values)
    : Figure(Title)
{
    /// <summary>The number of depths of color, in the page's styles q0 to q11.</summary>
    internal const int Depths = 12;

    private const double Left = 26, Top = 34, NumberedCell = 24, SmallCell = 15, WidestPlain = 384;

    /// <summary>Whether the depth of the color follows the root of the number, so that rare pairs can be told from those
    /// that never occur.</summary>
    public bool IsRooted { get; init; }

    /// <summary>Whether the numbers stand in their cells.</summary>
    public bool HasNumbers { get; init; }

    /// <summary>Whether it is one of many small ones.</summary>
    public bool IsOneOfMany { get; init; }

    /// <inheritdoc/>
    public override bool IsEmpty => !Values.Any(double.IsFinite);

    /// <inheritdoc/>
    public override bool IsWide => HasNumbers && Columns.Length * NumberedCell > WidestPlain;

    /// <inheritdoc/>
    public override bool IsSmall => IsOneOfMany;

    /// <inheritdoc/>
    public override string Description
    {
        get
        {
            var highest = Enumerable.Range(0, Values.Length).Where(i => double.IsFinite(Values[i]))
                .OrderByDescending(i => Values[i]).Take(3)
                .Select(i => $"{Rows[i / Columns.Length]} {Columns[i % Columns.Length]} {Number(Values[i])}");
            return $"{Rows.Length} rows, {RowTitle}; {Columns.Length} columns, {ColumnTitle}; {ValueTitle}, highest "
                + $"{string.Join(", ", highest)}.";
        }
    }

    /// <inheritdoc/>
    public override DataTable Data => new(
        Title, [$"{RowTitle} ↓ {ColumnTitle} →", .. Columns],
        [
            .. Rows.Select((row, r) => (ImmutableArray<string>)
                [row, .. Columns.Select((_, c) => double.IsFinite(Of(r, c)) ? Number(Of(r, c)) : "")]),
        ]);

    /// <inheritdoc/>
    protected override (double Width, double Height) Size =>
        (Math.Max(IsOneOfMany ? 0 : 200, Left + (Columns.Length * Cell) + 4), Top + (Rows.Length * Cell) + 4);

    private double Cell => HasNumbers ? NumberedCell : IsOneOfMany ? SmallCell : Math.Clamp(WidestPlain / Columns.Length, 8, 26);

    private double Of(int row, int column) => Values[(row * Columns.Length) + column];

    /// <inheritdoc/>
    protected override string Draw()
    {
        var highest = Values.Where(double.IsFinite).Append(0).Max();
        var cells =
            from r in Enumerable.Range(0, Rows.Length)
            from c in Enumerable.Range(0, Columns.Length)
            where double.IsFinite(Of(r, c))
            select Draw(r, c, highest == 0 ? 0 : Of(r, c) / highest);
        return Text(0, 11, $"{RowTitle} ↓ {ColumnTitle} →", "axis")
            + string.Concat(Columns.Select((column, c) => Text(Left + ((c + 0.5) * Cell), Top - 6, Letter(column), "middle")))
            + string.Concat(Rows.Select((row, r) => Text(Left - 6, Top + ((r + 0.5) * Cell) + 4, Letter(row), "end")))
            + string.Concat(cells);
    }

    private string Draw(int row, int column, double share)
    {
        var (x, y) = (Left + (column * Cell), Top + (row * Cell));
        var depth = Math.Clamp((int)((IsRooted ? Math.Sqrt(share) : share) * Depths), 0, Depths - 1);
        var number = Number(Of(row, column));
        var mark = Mark(
            $"<rect x=\"{At(x)}\" y=\"{At(y)}\" width=\"{At(Cell - 1)}\" height=\"{At(Cell - 1)}\"", $"q{depth}",
            $"{Letter(Rows[row])} → {Letter(Columns[column])}: {number}");
        var kind = depth >= Depths / 2 ? "number deep" : "number";
        return HasNumbers && Of(row, column) != 0
            ? mark + Text(x + (Cell / 2) - 0.5, y + (Cell / 2) + 2, Compact(Of(row, column)), kind)
            : mark;
    }

    /// <summary>At most four signs: 12k for 12,345.</summary>
    private static string Compact(double value) => value switch
    {
        >= 1e9 => $"{Number(Math.Round(value / 1e9))}G",
        >= 1e6 => $"{Number(Math.Round(value / 1e6))}M",
        >= 1e4 => $"{Number(Math.Round(value / 1e3))}k",
        _ => Number(value).Replace(",", ""),
    };
}
