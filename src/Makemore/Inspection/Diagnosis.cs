using System.Collections.Immutable;

namespace Makemore;

/// <summary>Statistics of an activation function's outputs on a batch, over all positions but padding.</summary>
/// <param name="Layer">The weights of its input, by the names of their leaves: <c>mlp.0</c>.</param>
/// <param name="Function">tanh, sigmoid, relu or gelu.</param>
/// <param name="Mean">The mean of its outputs.</param>
/// <param name="StandardDeviation">Their standard deviation.</param>
/// <param name="Saturated">For tanh and sigmoid, the fraction of outputs in the flat tails, where the gradient vanishes: |y|
/// above 0.97, and y outside 0.03 … 0.97. For relu and gelu, the fraction of dead units, which are never above 0 in the
/// batch.</param>
public sealed record ActivationRow(string Layer, string Function, double Mean, double StandardDeviation, double Saturated)
{
    /// <summary>How its outputs are distributed; null in a summary.</summary>
    public ActivationHistogram? Histogram { get; init; }

    /// <summary>For each unit, the percentage of positions at which it is saturated: in a flat tail, or not above 0; empty in a
    /// summary, and in files of versions that did not write them.</summary>
    public ImmutableArray<int> SaturatedUnits { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <summary>The distribution of an activation function's outputs, in bins of one width.</summary>
/// <param name="Low">Where the first bin begins.</param>
/// <param name="High">Where the last bin ends.</param>
/// <param name="Shares">The share of outputs in each bin.</param>
public sealed record ActivationHistogram(double Low, double High, ImmutableArray<double> Shares)
{
    private const int Bins = 40, Decimals = 4;

    /// <summary>The histogram of outputs: from −1 to 1 of tanh, from 0 to 1 of sigmoid, of others from the smallest to the largest
    /// one. Null if one of them is not finite.</summary>
    internal static ActivationHistogram? Of(string function, float[] outputs)
    {
        var (low, high) = function switch
        {
            "Tanh" => (-1f, 1f),
            "Sigmoid" => (0f, 1f),
            _ => (outputs.Min(), outputs.Max()),
        };
        if (!float.IsFinite(high - low))
            return null;
        var counts = new int[Bins];
        foreach (var output in outputs)
            counts[high > low ? Math.Clamp((int)((output - low) / (high - low) * Bins), 0, Bins - 1) : 0]++;
        return new(low, high, [.. counts.Select(count => Math.Round((double)count / outputs.Length, Decimals))]);
    }
}

/// <summary>Statistics of a leaf and its update in a step.</summary>
/// <param name="Leaf">The leaf's name.</param>
/// <param name="IsMatrix">Whether it has two or more dimensions; the rules of thumb apply to these leaves.</param>
/// <param name="Mean">The mean of its elements.</param>
/// <param name="StandardDeviation">Their standard deviation.</param>
/// <param name="Gradient">The standard deviation of its gradient.</param>
/// <param name="UpdateToData">log₁₀ of the standard deviation of the update over that of the elements; about −3 is
/// healthy.</param>
public sealed record LeafRow(
    string Leaf, bool IsMatrix, double Mean, double StandardDeviation, double Gradient, double UpdateToData);

/// <summary>A snapshot of a training run, with the statistics that lecture 3 of makemore plots (Karpathy: "Building makemore
/// part 3: activations and gradients, BatchNorm", 2022).</summary>
/// <param name="Step">The number of steps taken before it.</param>
/// <param name="Activations">The activations, in the order in which they are first computed.</param>
/// <param name="Leaves">The leaves and their updates.</param>
public sealed record Diagnosis(long Step, ImmutableArray<ActivationRow> Activations, ImmutableArray<LeafRow> Leaves)
{
    private const float TanhTail = 0.97f, SigmoidTail = 0.03f;

    /// <summary>The activations on a training batch. They are found on the tape of operations, so no model has to expose
    /// them; the same operation on the same weights, such as a recurrent cell's at each position, is one row.</summary>
    /// <param name="model">The model.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="whole">A training batch; where a few long words make most of it padding, the part of it with the most words is
    /// used.</param>
    /// <param name="key">The randomness of the step, such as dropout.</param>
    public static ImmutableArray<ActivationRow> OfActivations<P, C>(Model<P, C> model, P p, Batch whole, Key key)
    {
        var batch = whole.Parts().MaxBy(part => part.Y.Shape[0])!;
        using var region = Region.Root.Open();
        var traced = Origins.Trace(p, region);
        model.Train(traced, batch, key);
        var (live, width) = (batch.Y.ToInts(), batch.Y.Shape[^1]);
        return
        [
            .. from made in Origins.Of(region.Tape, Tree.Leaves(traced))
               where made.Result.Node!.Operation is "Tanh" or "Sigmoid" or "Relu" or "Gelu"
               group made.Result by (Layer: string.Join(" + ", made.Origin.Sources), made.Result.Node!.Operation) into same
               let results = same.ToArray()
               select Row(
                   same.Key.Layer, same.Key.Operation,
                   [.. results.SelectMany((y, i) => Live(y, live, width, i % width))]),
        ];
    }

    /// <summary>The update of a step, from the parameters before it, the gradient, and the parameters after it.</summary>
    public static ImmutableArray<LeafRow> OfUpdate<P>(P before, P grads, P after)
    {
        var (gradients, updated) = (Tree.Tensors(grads), Tree.Tensors(after));
        return
        [
            .. from pair in Tree.Leaves(before).Index()
               where !pair.Item.IsBuffer
               select Row(pair.Item, gradients[pair.Index].ToArray(), updated[pair.Index].ToArray()),
        ];
    }

    private static LeafRow Row(Leaf leaf, float[] gradient, float[] after)
    {
        var before = leaf.Value.ToArray();
        var (mean, deviation) = Moments(before);
        var update = Moments([.. after.Zip(before, (next, last) => next - last)]).Deviation;
        return new(
            leaf.Name, leaf.Value.Shape.Rank >= 2, mean, deviation, Moments(gradient).Deviation, Math.Log10(update / deviation));
    }

    /// <summary>The units of an output, one array per position, without padding: for (B, T, …) and (B·T, …) the positions with a
    /// target; for (B, …), a cell's output at position t, the rows with a target there; for anything else, everything.</summary>
    private static IEnumerable<float[]> Live(Tensor y, int[] targets, int width, int t)
    {
        var (shape, batch) = (y.Shape, targets.Length / width);
        var rows = y.ToArray().Chunk(shape.Rank == 0 ? 1 : shape[^1]).ToArray();
        var isSequence = shape.Rank > 1
            && (shape[0] == targets.Length || (shape.Rank > 2 && shape[0] == batch && shape[1] == width));
        return isSequence ? rows.Where((_, i) => targets[i / (rows.Length / targets.Length)] >= 0)
            : rows.Length == batch ? rows.Where((_, b) => targets[(b * width) + t] >= 0)
            : rows;
    }

    private static ActivationRow Row(string layer, string function, float[][] results)
    {
        var all = results.SelectMany(row => row).ToArray();
        var (mean, deviation) = Moments(all);
        Func<float, bool> isSaturated = function switch
        {
            "Tanh" => y => Math.Abs(y) > TanhTail,
            "Sigmoid" => y => y is < SigmoidTail or > 1 - SigmoidTail,
            _ => y => y <= 0,
        };
        double[] units = [.. Enumerable.Range(0, results[0].Length).Select(unit => Share(results, row => isSaturated(row[unit])))];
        return new(
            layer, function.ToLowerInvariant(), mean, deviation,
            function is "Tanh" or "Sigmoid" ? Share(all, isSaturated) : Share(units, share => share == 1))
        {
            Histogram = ActivationHistogram.Of(function, all),
            SaturatedUnits = [.. units.Select(share => (int)(100 * share))],
        };
    }

    private static double Share<T>(T[] all, Func<T, bool> predicate) => (double)all.Count(predicate) / all.Length;

    private static (double Mean, double Deviation) Moments(float[] values)
    {
        var mean = values.Average(value => (double)value);
        return (mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
    }
}
