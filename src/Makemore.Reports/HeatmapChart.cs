using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

/// <summary>A value for each pair of a row and a column, as the intensity of a color.</summary>
/// <param name="Title">The title.</param>
/// <param name="RowTitle">What the rows are.</param>
/// <param name="ColumnTitle">What the columns are.</param>
/// <param name="ValueTitle">What the values are, with their unit.</param>
/// <param name="Rows">The names of the rows.</param>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Values">The values, row by row, 0 or more; NaN for an empty cell.</param>
public sealed record HeatmapChart(
    string Title, string RowTitle, string ColumnTitle, string ValueTitle, ImmutableArray<string> Rows,
    ImmutableArray<string> Columns, ImmutableArray<double> Values)
    : Figure(Title)
{
    /// <summary>The number of shades, q0 to q11 in the style sheet.</summary>
    internal const int Shades = 12;

    private const double Left = 26, Top = 38, WideCell = 24, NarrowCell = 15, MaxNarrowWidth = 384;

    /// <summary>Whether the intensity is proportional to the square root of the value, so that rare pairs are distinguishable
    /// from those that never occur.</summary>
    public bool IsRootScaled { get; init; }

    /// <summary>Whether the values are written into the cells.</summary>
    public bool HasValues { get; init; }

    /// <summary>Whether it is one of many small charts.</summary>
    public bool IsOneOfMany { get; init; }

    /// <inheritdoc/>
    public override bool IsEmpty => !Values.Any(double.IsFinite);

    /// <inheritdoc/>
    public override Breadth Breadth => IsOneOfMany ? Breadth.Quarter
        : HasValues && Columns.Length * WideCell > MaxNarrowWidth ? Breadth.Full
        : Breadth.Half;

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

    private double Cell => HasValues ? WideCell : IsOneOfMany ? NarrowCell : Math.Clamp(MaxNarrowWidth / Columns.Length, 8, 26);

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
        return Text(0, 15, $"{RowTitle} ↓ {ColumnTitle} →", "axis")
            + string.Concat(Columns.Select((column, c) => Text(Left + ((c + 0.5) * Cell), Top - 6, column, "middle")))
            + string.Concat(Rows.Select((row, r) => Text(Left - 6, Top + ((r + 0.5) * Cell) + 4, row, "end")))
            + string.Concat(cells);
    }

    private string Draw(int row, int column, double share)
    {
        var (x, y) = (Left + (column * Cell), Top + (row * Cell));
        var shade = Math.Clamp((int)((IsRootScaled ? Math.Sqrt(share) : share) * Shades), 0, Shades - 1);
        var number = Number(Of(row, column));
        var mark = Mark(
            $"<rect x=\"{At(x)}\" y=\"{At(y)}\" width=\"{At(Cell - 1)}\" height=\"{At(Cell - 1)}\"", $"q{shade}",
            $"{Rows[row]} → {Columns[column]}: {number}");
        var style = shade >= Shades / 2 ? "number deep" : "number";
        return HasValues && Of(row, column) != 0
            ? mark + Text(x + (Cell / 2) - 0.5, y + (Cell / 2) + 2, Compact(Of(row, column)), style)
            : mark;
    }

    /// <summary>At most four characters: 12k for 12,345.</summary>
    private static string Compact(double value) => value switch
    {
        >= 1e9 => $"{Number(Math.Round(value / 1e9))}G",
        >= 1e6 => $"{Number(Math.Round(value / 1e6))}M",
        >= 1e4 => $"{Number(Math.Round(value / 1e3))}k",
        _ => Number(value).Replace(",", ""),
    };
}
