using System.Collections.Immutable;

namespace Makemore;

public static partial class Sections
{
    private const double GoodUpdate = -3;

    /// <summary>The snapshots of --diagnose: whether the network is healthy, how much of each layer is saturated, how its outputs are
    /// distributed, and how fast each matrix changes.</summary>
    /// <param name="snapshots">The snapshots.</param>
    /// <param name="verdicts">A row for each layer and matrix, and what is wrong with it.</param>
    public static Section Diagnosis(IReadOnlyList<Diagnosis> snapshots, DataTable verdicts)
    {
        var (layers, matrices) = (
            snapshots.SelectMany(snapshot => snapshot.Activations).Select(row => (row.Layer, row.Function)).Distinct(),
            snapshots.SelectMany(snapshot => snapshot.Leaves).Where(row => row.IsMatrix).Select(row => row.Leaf).Distinct());
        var last = snapshots.Count == 0 ? [] : snapshots.MaxBy(snapshot => snapshot.Step)!.Activations;
        return new(
            "Diagnosis",
            "A saturated unit has nearly the same output for any input, and passes no gradient: outputs of tanh and sigmoid in "
            + "the flat tails, units of relu and gelu that are never above 0. A matrix whose updates are about a thousandth "
            + "of its values, −3 here, learns at a good rate. Histograms and units are those of the last snapshot; a unit in red is "
            + "dead: saturated at all positions of the batch.",
            [
                verdicts,
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
                new LineChart(
                    "Outputs", "output of the activation function", "share of outputs, %", [.. last.Select(Histogram).OfType<ChartLine>()]),
                new UnitMap(
                    "Units", "saturated at",
                    [
                        .. from row in last
                           where row.SaturatedUnits.Length > 0
                           select new UnitLayer($"{row.Layer} {row.Function}", row.SaturatedUnits),
                    ]),
            ]);
    }

    private static ChartLine? Histogram(ActivationRow row) => row.Histogram is not { Shares: { Length: > 0 } shares } histogram ? null : new(
        $"{row.Layer} {row.Function}",
        [
            .. shares.Select((share, bin) => new ChartPoint(
                histogram.Low + ((bin + 0.5) * (histogram.High - histogram.Low) / shares.Length), 100 * share)),
        ]);

    private static ImmutableArray<ChartPoint> History(IEnumerable<Diagnosis> snapshots, Func<Diagnosis, double?> value) =>
        [.. snapshots.OrderBy(snapshot => snapshot.Step).Select(snapshot => new ChartPoint(snapshot.Step, value(snapshot) ?? double.NaN))];
}
