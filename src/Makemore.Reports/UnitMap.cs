using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

/// <summary>The units of a layer, and a percentage of each.</summary>
/// <param name="Name">The name of the layer.</param>
/// <param name="Percentages">The percentage of each unit.</param>
public sealed record UnitLayer(string Name, ImmutableArray<int> Percentages);

/// <summary>A cell for each unit of some layers, in a shade for its percentage; one that reaches 100 % is marked.</summary>
/// <param name="Title">The title.</param>
/// <param name="ValueTitle">What the percentages are of.</param>
/// <param name="Layers">The layers.</param>
public sealed record UnitMap(string Title, string ValueTitle, ImmutableArray<UnitLayer> Layers) : Figure(Title)
{
    private const int UnitsPerRow = 64, Full = 100;
    private const double Cell = 13, Label = 22, Gap = 8;

    /// <inheritdoc/>
    public override bool IsEmpty => Layers.All(layer => layer.Percentages.IsDefaultOrEmpty);

    /// <inheritdoc/>
    public override Breadth Breadth => Breadth.Full;

    /// <inheritdoc/>
    public override string Description => string.Join("; ", Layers.Select(layer =>
        $"{layer.Name}: {layer.Percentages.Length} units, {layer.Percentages.Count(share => share == Full)} of them at 100 %")) + ".";

    /// <inheritdoc/>
    public override DataTable Data => new(
        Title, ["layer", "units", "median, %", "highest, %", "units at 100 %"],
        [
            .. Layers.Select(layer => (ImmutableArray<string>)
            [
                layer.Name, $"{layer.Percentages.Length}", $"{layer.Percentages.Order().ElementAt(layer.Percentages.Length / 2)}",
                $"{layer.Percentages.Max()}", $"{layer.Percentages.Count(share => share == Full)}",
            ]),
        ]);

    /// <inheritdoc/>
    protected override (double Width, double Height) Size => (UnitsPerRow * Cell, Layers.Sum(Height) - Gap);

    /// <inheritdoc/>
    protected override string Draw() => string.Concat(Layers.Select((layer, i) => Draw(layer, Layers.Take(i).Sum(Height))));

    private static double Height(UnitLayer layer) =>
        Label + (Math.Ceiling(layer.Percentages.Length / (double)UnitsPerRow) * Cell) + Gap;

    private string Draw(UnitLayer layer, double top) => Text(0, top + 15, layer.Name, "") + string.Concat(
        layer.Percentages.Select((share, unit) => Mark(
            $"<rect x=\"{At(unit % UnitsPerRow * Cell)}\" y=\"{At(top + Label + (unit / UnitsPerRow * Cell))}\" "
            + $"width=\"{At(Cell - 1)}\" height=\"{At(Cell - 1)}\"",
            share == Full ? "dead" : $"q{share * HeatmapChart.Shades / Full}", $"{layer.Name}, unit {unit}: {ValueTitle} {share} %")));
}
