namespace Makemore;

/// <summary>An issue of a layer or a leaf.</summary>
public enum HealthIssue
{
    /// <summary>Too many outputs of tanh or sigmoid are in the flat tails.</summary>
    Saturated,

    /// <summary>Too many units of relu or gelu are never above 0.</summary>
    DeadUnits,

    /// <summary>The activations are too small.</summary>
    TooSmall,

    /// <summary>Some values are infinite or NaN.</summary>
    NotFinite,

    /// <summary>The gradient is exactly 0.</summary>
    NoGradient,

    /// <summary>The gradient is much smaller than that of the other matrices.</summary>
    VanishingGradient,

    /// <summary>The updates are too small: the learning rate is too low.</summary>
    UpdatesTooSmall,

    /// <summary>The updates are too large: the learning rate is too high.</summary>
    UpdatesTooLarge,
}

/// <summary>Checks whether a network trains well, by the rules of thumb of lecture 3 of makemore (Karpathy: "Building
/// makemore part 3: activations and gradients, BatchNorm", 2022).</summary>
/// <remarks>
/// The lecture's healthy network, with a gain of 5/3 before tanh, has 20 % of its first layer saturated and about 6 % of the later
/// ones, at a standard deviation of 0.65; with a gain of 3 all layers are too saturated, at 48 and 40 to 42 %. The limit is halfway
/// between what the two gains give a normal input, 20.9 and 48.6 %. The healthy network's updates are about a thousandth of the data, and a factor of ten in either direction is suspicious. The lecture
/// gives no limits for dead units and vanishing gradients; these are chosen here.
/// </remarks>
public static class Health
{
    /// <summary>The maximum fraction of saturated outputs of tanh and sigmoid.</summary>
    public const double MaxSaturated = 0.35;

    /// <summary>The maximum fraction of dead units of relu and gelu.</summary>
    public const double MaxDead = 0.1;

    /// <summary>The minimum standard deviation of outputs of tanh.</summary>
    public const double MinDeviation = 0.05;

    /// <summary>The minimum standard deviation of a matrix's gradient, relative to the median matrix.</summary>
    public const double MinGradient = 0.001;

    /// <summary>The healthy range of log₁₀ of a matrix's update over its elements.</summary>
    public const double MinUpdate = -4, MaxUpdate = -2;

    /// <summary>The issue of an activation, if any.</summary>
    public static HealthIssue? Of(ActivationRow row) => row switch
    {
        { Mean: var mean } when !double.IsFinite(mean) => HealthIssue.NotFinite,
        { Function: "relu" or "gelu" } => row.Saturated > MaxDead ? HealthIssue.DeadUnits : null,
        _ when row.Saturated > MaxSaturated => HealthIssue.Saturated,
        { Function: "tanh", StandardDeviation: < MinDeviation } => HealthIssue.TooSmall,
        _ => null,
    };

    /// <summary>The issue of a leaf, if any.</summary>
    /// <param name="row">The leaf.</param>
    /// <param name="among">All leaves of the snapshot.</param>
    public static HealthIssue? Of(LeafRow row, IReadOnlyCollection<LeafRow> among) => row switch
    {
        _ when !double.IsFinite(row.Gradient) || !double.IsFinite(row.Mean) => HealthIssue.NotFinite,
        { Gradient: 0 } => HealthIssue.NoGradient,
        { IsMatrix: false } => null,
        _ when row.Gradient < MinGradient * Median(among.Where(other => other.IsMatrix).Select(other => other.Gradient)) =>
            HealthIssue.VanishingGradient,
        { UpdateToData: < MinUpdate } => HealthIssue.UpdatesTooSmall,
        { UpdateToData: > MaxUpdate } => HealthIssue.UpdatesTooLarge,
        _ => null,
    };

    /// <summary>The medians of several snapshots: a single batch or the end of a schedule is not representative.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static Diagnosis Median(IReadOnlyList<Diagnosis> snapshots) => snapshots.Count == 0
        ? throw new ArgumentException("Health.Median: there are no snapshots.")
        : new(
            snapshots[^1].Step,
            [
                .. from row in snapshots.SelectMany(snapshot => snapshot.Activations)
                   group row by (row.Layer, row.Function) into rows
                   select new ActivationRow(
                       rows.Key.Layer, rows.Key.Function, Median(rows.Select(row => row.Mean)),
                       Median(rows.Select(row => row.StandardDeviation)), Median(rows.Select(row => row.Saturated))),
            ],
            [
                .. from row in snapshots.SelectMany(snapshot => snapshot.Leaves)
                   group row by (row.Leaf, row.IsMatrix) into rows
                   select new LeafRow(
                       rows.Key.Leaf, rows.Key.IsMatrix, Median(rows.Select(row => row.Mean)),
                       Median(rows.Select(row => row.StandardDeviation)), Median(rows.Select(row => row.Gradient)),
                       Median(rows.Select(row => row.UpdateToData))),
            ]);

    /// <summary>The median, the lower one of an even number: a mean of two values may be infinite.</summary>
    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[(sorted.Length - 1) / 2];
    }
}
