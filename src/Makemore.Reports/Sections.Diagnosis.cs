using System.Collections.Immutable;

namespace Makemore;

public static partial class Sections
{
    private const double GoodUpdate = -3;

    /// <summary>The snapshots of --diagnose: how much of each layer is saturated, and how fast each matrix changes.</summary>
    public static Section Diagnosis(IReadOnlyList<Diagnosis> snapshots)
    {
        var (layers, matrices) = (
            snapshots.SelectMany(snapshot => snapshot.Activations).Select(row => (row.Layer, row.Function)).Distinct(),
            snapshots.SelectMany(snapshot => snapshot.Leaves).Where(row => row.IsMatrix).Select(row => row.Leaf).Distinct());
        return new(
            "Diagnosis",
            "A saturated unit has nearly the same output for any input, and passes no gradient: outputs of tanh and sigmoid in "
            + "the flat tails, units of relu and gelu that are never above 0. A matrix whose updates are about a thousandth "
            + "of its values, −3 here, learns at a good rate.",
            [
                new LineChart(
                    "Saturation", Step, "saturated, %",
                    [
                        .. layers.Select(layer => new ChartLine(
                            $"{layer.Layer} {layer.Function}",
                            History(snapshots, snapshot => snapshot.Activations
                                .FirstOrDefault(row => (row.Layer, row.Function) == layer)?.Saturated * 100))),
                    ]),
                new LineChart(
                    "Update to data", Step, "log10 of std of update / std of data",
                    [
                        .. matrices.Select(leaf => new ChartLine(
                            Leaf.Shorten(leaf),
                            History(snapshots, snapshot => snapshot.Leaves.FirstOrDefault(row => row.Leaf == leaf)?.UpdateToData))),
                        new("a good rate", [.. snapshots.Select(snapshot => new ChartPoint(snapshot.Step, GoodUpdate))], IsReference: true),
                    ]),
            ]);
    }

    private static ImmutableArray<ChartPoint> History(IEnumerable<Diagnosis> snapshots, Func<Diagnosis, double?> value) =>
        [.. snapshots.OrderBy(snapshot => snapshot.Step).Select(snapshot => new ChartPoint(snapshot.Step, value(snapshot) ?? double.NaN))];
}
