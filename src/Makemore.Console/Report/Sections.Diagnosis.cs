using System.Collections.Immutable;

namespace Makemore;

public static partial class Sections
{
    private const double GoodPace = -3;
    private const string Weight = ".weight";

    /// <summary>What --diagnose saw on the way: how much of each layer is saturated, and how fast each matrix moves.</summary>
    public static Section Diagnosis(IReadOnlyList<Diagnosis> looks)
    {
        var (layers, matrices) = (
            looks.SelectMany(look => look.Activations).Select(row => (row.Layer, row.Function)).Distinct(),
            looks.SelectMany(look => look.Leaves).Where(row => row.IsMatrix).Select(row => row.Leaf).Distinct());
        return new(
            "Diagnosis",
            "A saturated unit gives the same whatever comes in, and lets no gradient pass: of tanh and sigmoid the "
            + "results at their flat ends, of relu and gelu the units that are never above 0. A matrix whose steps "
            + "are about a thousandth of its size, −3 here, learns at a good pace.",
            [
                new LineChart(
                    "Saturation", Step, "saturated, %",
                    [
                        .. layers.Select(layer => new ChartLine(
                            $"{layer.Layer} {layer.Function}",
                            Course(looks, look => look.Activations
                                .FirstOrDefault(row => (row.Layer, row.Function) == layer)?.Saturated * 100))),
                    ]),
                new LineChart(
                    "Update to data", Step, "log10 of the step's spread over the matrix's",
                    [
                        .. matrices.Select(leaf => new ChartLine(
                            Short(leaf),
                            Course(looks, look => look.Leaves.FirstOrDefault(row => row.Leaf == leaf)?.UpdateToData))),
                        new("a good pace", [.. looks.Select(look => new ChartPoint(look.Step, GoodPace))], IsReference: true),
                    ]),
            ]);
    }

    /// <summary>All of them are weights, so that need not be said of each.</summary>
    private static string Short(string leaf) => leaf.EndsWith(Weight, StringComparison.Ordinal) ? leaf[..^Weight.Length] : leaf;

    private static ImmutableArray<ChartPoint> Course(IEnumerable<Diagnosis> looks, Func<Diagnosis, double?> value) =>
        [.. looks.OrderBy(look => look.Step).Select(look => new ChartPoint(look.Step, value(look) ?? double.NaN))];
}
