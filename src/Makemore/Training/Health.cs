namespace Makemore;

/// <summary>What is wrong with a layer or a leaf.</summary>
/// <param name="Symptom">A word for a table: saturated.</param>
/// <param name="Advice">What to try.</param>
public sealed record Ailment(string Symptom, string Advice);

/// <summary>Whether a network learns as it should, by the rules of thumb of lecture 3 of makemore (Karpathy: "Building
/// makemore part 3: activations and gradients, BatchNorm", 2022).</summary>
/// <remarks>
/// The lecture's healthy network has a fifth of its first tanh layer saturated and about 6 % of the later ones, at a spread
/// of 0.65; its updates are about a thousandth of the data, and ten times less or more is to be looked at. The limits for
/// what it only shows in pictures, dead units and gradients that die out, are chosen here.
/// </remarks>
public static class Health
{
    /// <summary>The greatest share of saturated results of tanh and sigmoid.</summary>
    public const double MaxSaturated = 0.25;

    /// <summary>The greatest share of dead units of relu and gelu.</summary>
    public const double MaxDead = 0.1;

    /// <summary>The least spread of what tanh gives.</summary>
    public const double MinSpread = 0.05;

    /// <summary>The least spread of a matrix's gradient, as a share of the median one's.</summary>
    public const double MinGradient = 0.001;

    /// <summary>Where log₁₀ of a matrix's update over its data should lie.</summary>
    public const double SlowestUpdate = -4, FastestUpdate = -2;

    private static readonly Ailment Saturated = new("saturated", "smaller starting weights or a normalization before it");
    private static readonly Ailment Dead = new("dead units", "a lower --learning-rate, or smaller starting weights");
    private static readonly Ailment Faint = new("faint", "larger starting weights (tanh wants a gain of 5/3) or a normalization");
    private static readonly Ailment NotFinite = new("not finite", "a lower --learning-rate, or --grad-clip 1");
    private static readonly Ailment NoGradient = new("no gradient", "see whether the loss depends on it");
    private static readonly Ailment FaintGradient = new("faint gradient", "look at the layers that saturate above it");
    private static readonly Ailment TooSlow = new("learns slowly", "a higher --learning-rate; --find-lr suggests one");
    private static readonly Ailment TooFast = new("learns wildly", "a lower --learning-rate, or --warmup");

    /// <summary>What is wrong with an activation, if anything.</summary>
    public static Ailment? Of(ActivationRow row) => row switch
    {
        { Mean: var mean } when !double.IsFinite(mean) => NotFinite,
        { Function: "relu" or "gelu" } => row.Saturated > MaxDead ? Dead : null,
        _ when row.Saturated > MaxSaturated => Saturated,
        { Function: "tanh", Spread: < MinSpread } => Faint,
        _ => null,
    };

    /// <summary>What is wrong with a leaf, if anything.</summary>
    /// <param name="row">The leaf.</param>
    /// <param name="among">All of the look.</param>
    public static Ailment? Of(LeafRow row, IReadOnlyCollection<LeafRow> among) => row switch
    {
        _ when !double.IsFinite(row.Gradient) || !double.IsFinite(row.Mean) => NotFinite,
        { Gradient: 0 } => NoGradient,
        { IsMatrix: false } => null,
        _ when row.Gradient < MinGradient * Median(among.Where(other => other.IsMatrix).Select(other => other.Gradient)) =>
            FaintGradient,
        { UpdateToData: < SlowestUpdate } => TooSlow,
        { UpdateToData: > FastestUpdate } => TooFast,
        _ => null,
    };

    /// <summary>Several looks as one: the median of each number, because a single batch or the end of a schedule says
    /// little.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static Diagnosis Typical(IReadOnlyList<Diagnosis> looks) => looks.Count == 0
        ? throw new ArgumentException("Health.Typical: there are no looks.")
        : new(
            looks[^1].Step,
            [
                .. from row in looks.SelectMany(look => look.Activations)
                   group row by (row.Layer, row.Function) into rows
                   select new ActivationRow(
                       rows.Key.Layer, rows.Key.Function, Median(rows.Select(row => row.Mean)),
                       Median(rows.Select(row => row.Spread)), Median(rows.Select(row => row.Saturated))),
            ],
            [
                .. from row in looks.SelectMany(look => look.Leaves)
                   group row by (row.Leaf, row.IsMatrix) into rows
                   select new LeafRow(
                       rows.Key.Leaf, rows.Key.IsMatrix, Median(rows.Select(row => row.Mean)),
                       Median(rows.Select(row => row.Spread)), Median(rows.Select(row => row.Gradient)),
                       Median(rows.Select(row => row.UpdateToData))),
            ]);

    /// <summary>The middle one, of two the lower: a mean of both is nothing where one of them is infinite.</summary>
    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[(sorted.Length - 1) / 2];
    }
}
