using System.Collections.Immutable;

namespace Makemore;

public static partial class Sections
{
    private const double GoodPace = -3;

    /// <summary>What --diagnose saw on the way: how much of each layer is saturated, and how fast each matrix moves.</summary>
    public static Section Diagnosis(IReadOnlyList<Diagnosis> snapshots)
    {
        var (layers, matrices) = (
            snapshots.SelectMany(snapshot => snapshot.Activations).Select(row => (row.Layer, row.Function)).Distinct(),
            snapshots.SelectMany(snapshot => snapshot.Leaves).Where(row => row.IsMatrix).Select(row => row.Leaf).Distinct());
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
                            Course(snapshots, snapshot => snapshot.Activations
                                .FirstOrDefault(row => (row.Layer, row.Function) == layer)?.Saturated * 100))),
                    ]),
                new LineChart(
                    "Update to data", Step, "log10 of the step's spread over the matrix's",
                    [
                        .. matrices.Select(leaf => new ChartLine(
                            Leaf.Shorten(leaf),
                            Course(snapshots, snapshot => snapshot.Leaves.FirstOrDefault(row => row.Leaf == leaf)?.UpdateToData))),
                        new("a good pace", [.. snapshots.Select(snapshot => new ChartPoint(snapshot.Step, GoodPace))], IsReference: true),
                    ]),
            ]);
    }

    private static ImmutableArray<ChartPoint> Course(IEnumerable<Diagnosis> snapshots, Func<Diagnosis, double?> value) =>
        [.. snapshots.OrderBy(snapshot => snapshot.Step).Select(snapshot => new ChartPoint(snapshot.Step, value(snapshot) ?? double.NaN))];
}
