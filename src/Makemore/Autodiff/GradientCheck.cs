namespace Makemore;

/// <summary>What a gradient check found for one leaf.</summary>
/// <param name="Name">The leaf.</param>
/// <param name="Checked">The number of elements compared. Elements at a kink, where the loss has no derivative, are left
/// out.</param>
/// <param name="Error">The maximum difference between gradient and finite difference, relative to the larger of the leaf's
/// maximum gradient and the noise floor; NaN if the loss or a gradient is not finite.</param>
/// <param name="Largest">The maximum absolute gradient among the compared elements.</param>
/// <param name="IsUnused">Whether the loss does not depend on the leaf: all of its gradient is exactly 0, and no compared element
/// changes the loss.</param>
public sealed record GradientRow(string Name, int Checked, double Error, double Largest, bool IsUnused);

/// <summary>Compares gradients with finite differences.</summary>
public static class GradientCheck
{
    private const int Halvings = 3;
    private const double KinkTolerance = 0.1;

    /// <summary>
    /// Compares the gradient of a loss with central differences (f(x + h) − f(x − h)) / 2h, leaf by leaf, in up to
    /// <paramref name="perLeaf"/> elements each, chosen by the key.
    /// </summary>
    /// <remarks>A gradient of 0 says nothing: check near the initial parameters (<see cref="Near"/>) if some of these are 0.
    /// The step is h = <paramref name="step"/> · max(1, |x|). In float32 a loss near 1 has a rounding error of about
    /// 1e-7, so a difference quotient is accurate to about 1e-7 / h. Errors are relative to the maximum gradient of the leaf, but
    /// to at least <paramref name="floor"/>. If the left and right derivatives differ, h is halved up to three times; if they
    /// still differ, the element is at a kink (as of relu or max) and left out.</remarks>
    public static IReadOnlyList<GradientRow> Run<P>(
        P p, Func<P, Tensor> loss, Key key, int perLeaf = 16, float step = 1e-2f, float floor = 1e-2f)
    {
        var (_, grads) = Gradients.ValueAndGrad(p, loss);
        return Run(p, loss, grads, key, perLeaf, step, floor);
    }

    /// <summary>Parameters near given ones, with none of the zeros with which a model may begin: normal noise is added to all but
    /// buffers.</summary>
    public static P Near<P>(P p, Key key, float deviation = 0.02f) => Tree.Rebuild(
        p,
        [
            .. Tree.Leaves(p).Select((leaf, i) => leaf.IsBuffer
                ? leaf.Value
                : leaf.Value + (Tensor.Normal(key.At(i), leaf.Value.Shape, leaf.Value.Engine) * deviation)),
        ]);

    /// <summary>The same for a gradient that was computed by other means.</summary>
    public static IReadOnlyList<GradientRow> Run<P>(
        P p, Func<P, Tensor> loss, P grads, Key key, int perLeaf = 16, float step = 1e-2f, float floor = 1e-2f)
    {
        var (leaves, slopes) = (Tree.Leaves(p), Tree.Tensors(grads));
        return
        [
            .. leaves.Select((leaf, i) => (leaf, i))
                .Where(pair => !pair.leaf.IsBuffer)
                .Select(pair => Row(p, loss, leaves, pair.i, slopes[pair.i].ToArray(), key.At(pair.i), perLeaf, step, floor)),
        ];
    }

    /// <summary>The maximum error of a function's gradient at x, relative to the maximum gradient, or to 0.01 if that is larger:
    /// below 2e-3 where it is right, unless x is at a kink; NaN if the function or a gradient is not finite. The function's
    /// elements are weighted and summed.</summary>
    public static double MaxError(Func<Tensor, Tensor> function, Tensor x) => MaxError(operands => function(operands[0]), [x]);

    /// <summary>The maximum error of the gradients of a function of two tensors; see <see cref="MaxError(Func{Tensor, Tensor},
    /// Tensor)"/>.</summary>
    public static double MaxError(Func<Tensor, Tensor, Tensor> function, Tensor a, Tensor b) =>
        MaxError(operands => function(operands[0], operands[1]), [a, b]);

    /// <summary>The maximum error of the gradients of a function of several tensors with respect to those that hold numbers, not
    /// ids; see <see cref="MaxError(Func{Tensor, Tensor}, Tensor)"/>.</summary>
    /// <exception cref="ArgumentException">All operands hold integers, which have no gradient.</exception>
    public static double MaxError(Func<Tensor[], Tensor> function, Tensor[] operands)
    {
        Tensor[] numbers = [.. operands.Where(HasGradient)];
        return numbers.Length == 0
            ? throw new ArgumentException("MaxError: all operands hold integers, which have no gradient.")
            : Run(numbers, x => Weighted(function(Operands(x))), Key.FromSeed(2), perLeaf: 1000)
                .Select(row => row.Error).Aggregate(Math.Max);

        Tensor[] Operands(Tensor[] x)
        {
            var next = 0;
            return [.. operands.Select(operand => HasGradient(operand) ? x[next++] : operand)];
        }

        static bool HasGradient(Tensor operand) => operand.Type == ElementType.Float32;
    }

    // Distinct weights, so that errors do not cancel.
    private static Tensor Weighted(Tensor y) =>
        Primitives.Sum(y * Tensor.Uniform(Key.FromSeed(1), y.Shape, 0.5f, 1.5f, y.Engine));

    private static GradientRow Row<P>(
        P p, Func<P, Tensor> loss, IReadOnlyList<Leaf> leaves, int index, float[] slopes, Key key, int perLeaf,
        float step, float floor)
    {
        var values = leaves[index].Value.ToArray();
        var order = new Permutation(key, Math.Max(1, values.Length));
        var slopesFound = Enumerable.Range(0, Math.Min(perLeaf, values.Length))
            .Select(i => (int)order[i])
            .Select(place => (Place: place, Slope: Difference(place)))
            .Where(found => found.Slope is not null)
            .ToArray();
        var largest = slopesFound.Select(found => Math.Abs((double)slopes[found.Place])).DefaultIfEmpty(0).Max();
        var errors = slopesFound.Select(found => Math.Abs(found.Slope!.Value - slopes[found.Place]));
        var isFinite = double.IsFinite(LossAt(values)) && slopes.All(float.IsFinite);
        return new(
            leaves[index].Name, slopesFound.Length,
            isFinite ? errors.DefaultIfEmpty(0).Max() / Math.Max(largest, floor) : double.NaN, largest,
            slopes.All(slope => slope == 0) && slopesFound.All(found => found.Slope == 0));

        double? Difference(int i)
        {
            var center = LossWith(i, values[i]);
            for (var (h, halvings) = (step * Math.Max(1, Math.Abs(values[i])), 0); halvings <= Halvings; h /= 2, halvings++)
            {
                var (above, below) = (values[i] + h, values[i] - h);
                var (lossAbove, lossBelow) = (LossWith(i, above), LossWith(i, below));
                var right = (lossAbove - center) / ((double)above - values[i]);
                var left = (center - lossBelow) / ((double)values[i] - below);
                // The two slopes of a smooth function differ by its curvature times h, plus rounding divided by h.
                if (Math.Abs(right - left) <= KinkTolerance * Math.Max(floor, Math.Max(Math.Abs(left), Math.Abs(right))))
                    return (lossAbove - lossBelow) / ((double)above - below);
            }
            return null;
        }

        double LossWith(int i, float value)
        {
            var changed = (float[])values.Clone();
            changed[i] = value;
            return LossAt(changed);
        }

        double LossAt(float[] numbers)
        {
            var tensors = leaves.Select(leaf => leaf.Value).ToArray();
            tensors[index] = Tensor.Of(numbers, leaves[index].Value.Shape, leaves[index].Value.Engine);
            using var region = Region.Root.Open();
            return loss(Tree.In(Tree.Rebuild(p, tensors), region)).Item();
        }
    }
}
