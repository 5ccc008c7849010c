using System.Collections.Immutable;

namespace Makemore;

/// <summary>What one kind of activation gave in a batch, all positions that it was computed for taken together; padding
/// does not count.</summary>
/// <param name="Layer">The weights that fed it, by the names of their leaves: <c>mlp.0</c>.</param>
/// <param name="Function">tanh, sigmoid, relu or gelu.</param>
/// <param name="Mean">The mean of its results.</param>
/// <param name="Spread">Their standard deviation.</param>
/// <param name="Saturated">Of tanh and sigmoid the share of results at the flat ends, where no gradient passes: |y| above
/// 0.97, and y outside 0.03 … 0.97. Of relu and gelu the share of units that are dead: not above 0 anywhere in the
/// batch.</param>
public sealed record ActivationRow(string Layer, string Function, double Mean, double Spread, double Saturated);

/// <summary>What a step did to one leaf.</summary>
/// <param name="Leaf">The leaf's name.</param>
/// <param name="IsMatrix">Whether it has two dimensions or more: the leaves that the rules of thumb are about.</param>
/// <param name="Mean">The mean of its elements.</param>
/// <param name="Spread">Their standard deviation.</param>
/// <param name="Gradient">The standard deviation of its gradient.</param>
/// <param name="UpdateToData">log₁₀ of the update's standard deviation over the elements'; −3 is a good pace.</param>
public sealed record LeafRow(string Leaf, bool IsMatrix, double Mean, double Spread, double Gradient, double UpdateToData);

/// <summary>One look into a run: what lecture 3 of makemore plots (Karpathy: "Building makemore part 3: activations and
/// gradients, BatchNorm", 2022).</summary>
/// <param name="Step">The number of steps made before it.</param>
/// <param name="Activations">What the layers give, in the order in which they are first computed.</param>
/// <param name="Leaves">What the step makes of the parameters.</param>
public sealed record Diagnosis(long Step, ImmutableArray<ActivationRow> Activations, ImmutableArray<LeafRow> Leaves)
{
    private const float TanhEnd = 0.97f, SigmoidEnd = 0.03f;

    /// <summary>The activations of a training batch. They are found on the tape of the operations, so that no model has to
    /// give them away; the same operation on the same weights, a cell's at each position, is one row.</summary>
    /// <param name="model">The model.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="batch">What it is trained on.</param>
    /// <param name="key">The randomness of the step: dropout.</param>
    public static ImmutableArray<ActivationRow> Look<P, C>(Model<P, C> model, P p, Batch batch, Key key)
    {
        using var region = Region.Root.Open();
        var traced = Tree.Map(p, tensor => new Tensor(tensor.Raw, region, LeafNode.Instance));
        model.Train(traced, batch, key);
        var sources = Sources(region.Tape, Tree.Leaves(traced));
        var (live, width) = (batch.Y.ToInts(), batch.Y.Shape[^1]);
        return
        [
            .. from tensor in region.Tape
               where tensor.Node!.Operation is "Tanh" or "Sigmoid" or "Relu" or "Gelu"
               group tensor by (Layer: string.Join(" + ", sources[tensor.TapeIndex]), tensor.Node!.Operation) into same
               let results = same.ToArray()
               select Row(
                   same.Key.Layer, same.Key.Operation,
                   [.. results.SelectMany((y, i) => Live(y, live, width, i % width))]),
        ];
    }

    /// <summary>What a step makes of the parameters: to be called with what goes into an optimizer and what comes out of
    /// it.</summary>
    public static ImmutableArray<LeafRow> Look(
        IReadOnlyList<Leaf> parameters, IReadOnlyList<Tensor> gradients, IReadOnlyList<Tensor> updates) =>
    [
        .. parameters.Select((leaf, i) =>
        {
            var (mean, spread) = Moments(leaf.Value.ToArray());
            return new LeafRow(
                leaf.Name, leaf.Value.Shape.Rank >= 2, mean, spread, Moments(gradients[i].ToArray()).Spread,
                Math.Log10(Moments(updates[i].ToArray()).Spread / spread));
        }),
    ];

    /// <summary>For each place on the tape the weights that it comes from: those of the linear maps, products and
    /// embeddings that no other stands behind.</summary>
    private static string[][] Sources(List<Tensor> tape, IReadOnlyList<Leaf> leaves)
    {
        var names = leaves.ToDictionary(leaf => leaf.Value.TapeIndex, leaf => Short(leaf.Name));
        var sources = new string[tape.Count][];
        foreach (var tensor in tape)
        {
            var operands = tensor.Node!.Operands.Select(operand => operand.TapeIndex).Where(i => i >= 0).ToArray();
            var own = operands.Where(names.ContainsKey).Select(i => names[i]).ToArray();
            sources[tensor.TapeIndex] = tensor.Node.Operation is "LinearMap" or "MatMul" or "Gather" && own.Length > 0
                ? [own[0]]
                : [.. operands.SelectMany(i => sources[i]).Distinct().Order(StringComparer.Ordinal)];
        }
        return sources;
    }

    private static string Short(string leaf) =>
        leaf.EndsWith(".weight", StringComparison.Ordinal) ? leaf[..^".weight".Length] : leaf;

    /// <summary>The units of a result, one array a place, without those at padding: of (B, T, …) and (B·T, …) all that have
    /// a target; of (B, …), a cell's at position t, those that have one there; of anything else everything.</summary>
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
        var (mean, spread) = Moments(all);
        return new(layer, function.ToLowerInvariant(), mean, spread, function switch
        {
            "Tanh" => Share(all, y => Math.Abs(y) > TanhEnd),
            "Sigmoid" => Share(all, y => y is < SigmoidEnd or > 1 - SigmoidEnd),
            _ => Share([.. Enumerable.Range(0, results[0].Length)], unit => results.All(row => row[unit] <= 0)),
        });
    }

    private static double Share<T>(T[] all, Func<T, bool> predicate) => (double)all.Count(predicate) / all.Length;

    private static (double Mean, double Spread) Moments(float[] values)
    {
        var mean = values.Average(value => (double)value);
        return (mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
    }
}
