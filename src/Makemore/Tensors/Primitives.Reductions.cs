namespace Makemore;

/// <summary>Reductions over one dimension, which is removed or kept with size 1, over several, or over all.</summary>
public static partial class Primitives
{
    /// <summary>The sum of all elements, a single number.</summary>
    public static Tensor Sum(Tensor x) => x.Shape.Rank == 0 ? x : Sum(x.Reshape([-1]), 0);

    /// <summary>The sum over one dimension, which is removed or kept with size 1.</summary>
    public static Tensor Sum(Tensor x, int axis, bool keepDimension = false)
    {
        var along = x.Shape.Axis("Sum", axis);
        var sum = x.Type == ElementType.Int32 ? SumOfIntegers(x, along) : Primitive(
            x, x.Engine.Sum(x.Raw, along),
            (g, x, _) => BroadcastTo(g, x.Shape));
        return keepDimension ? sum : sum.Reshape(x.Shape.Without(along).Sizes);
    }

    /// <summary>The sum over several dimensions, which are removed or kept with size 1.</summary>
    public static Tensor Sum(Tensor x, ReadOnlySpan<int> axes, bool keepDimension = false) =>
        Reduce("Sum", x, axes, keepDimension, (y, axis) => Sum(y, axis));

    /// <summary>The mean of all elements, a single number.</summary>
    public static Tensor Mean(Tensor x) => Sum(Numbers("Mean", x)) / x.Shape.Size;

    /// <summary>The mean over one dimension, which is removed or kept with size 1.</summary>
    public static Tensor Mean(Tensor x, int axis, bool keepDimension = false) =>
        Sum(Numbers("Mean", x), axis, keepDimension) / x.Shape[x.Shape.Axis("Mean", axis)];

    /// <summary>The mean over several dimensions, which are removed or kept with size 1.</summary>
    public static Tensor Mean(Tensor x, ReadOnlySpan<int> axes, bool keepDimension = false) =>
        Reduce("Mean", x, axes, keepDimension, (y, axis) => Mean(y, axis));

    /// <summary>The maximum of all elements, a single number.</summary>
    public static Tensor Max(Tensor x) => Max(x.Reshape([-1]), 0);

    /// <summary>The maximum over one dimension, which is removed or kept with size 1. The gradient is distributed evenly among
    /// equal maxima.</summary>
    public static Tensor Max(Tensor x, int axis, bool keepDimension = false)
    {
        var along = x.Shape.Axis("Max", axis);
        var max = x.Type == ElementType.Int32 ? Fold("Max", x, along, Maximum) : Primitive(
            x, x.Engine.Max(x.Raw, along),
            (g, x, y) => Distribute(g, Equal(x, y), along));
        return keepDimension ? max : max.Reshape(x.Shape.Without(along).Sizes);
    }

    /// <summary>The maximum over several dimensions, which are removed or kept with size 1.</summary>
    public static Tensor Max(Tensor x, ReadOnlySpan<int> axes, bool keepDimension = false) =>
        Reduce("Max", x, axes, keepDimension, (y, axis) => Max(y, axis));

    /// <summary>The minimum of all elements, a single number.</summary>
    public static Tensor Min(Tensor x) => Min(x.Reshape([-1]), 0);

    /// <summary>The minimum over one dimension; see <see cref="Max(Tensor, int, bool)"/>.</summary>
    public static Tensor Min(Tensor x, int axis, bool keepDimension = false)
    {
        if (x.Type == ElementType.Float32)
            return -Max(-x, axis, keepDimension);
        var along = x.Shape.Axis("Min", axis);
        var min = Fold("Min", x, along, Minimum);
        return keepDimension ? min : min.Reshape(x.Shape.Without(along).Sizes);
    }

    /// <summary>The minimum over several dimensions, which are removed or kept with size 1.</summary>
    public static Tensor Min(Tensor x, ReadOnlySpan<int> axes, bool keepDimension = false) =>
        Reduce("Min", x, axes, keepDimension, (y, axis) => Min(y, axis));

    /// <summary>ln Σ exp(x) over all elements, a single number, without overflow.</summary>
    public static Tensor LogSumExp(Tensor x) => LogSumExp(x.Reshape([-1]), 0);

    /// <summary>ln Σ exp(x) over one dimension, which is removed or kept with size 1, without overflow.</summary>
    public static Tensor LogSumExp(Tensor x, int axis, bool keepDimension = false)
    {
        var along = x.Shape.Axis("LogSumExp", axis);
        var values = Numbers("LogSumExp", x).Detach();
        var max = FiniteOrZero(Max(values, along, keepDimension: true));
        var logs = Log(Sum(Exp(values - max), along, keepDimension: true)) + max;
        var y = Primitive(x, logs.Raw, (g, x, y) => g * Exp(x - FiniteOrZero(y)));
        return keepDimension ? y : y.Reshape(x.Shape.Without(along).Sizes);
    }

    /// <summary>ln Σ exp(x) over several dimensions, which are removed or kept with size 1, without overflow.</summary>
    public static Tensor LogSumExp(Tensor x, ReadOnlySpan<int> axes, bool keepDimension = false) =>
        Reduce("LogSumExp", x, axes, keepDimension, (y, axis) => LogSumExp(y, axis));

    /// <summary>The unbiased variance of all elements, a single number: Σ (x − mean)² / (n − 1).</summary>
    public static Tensor Variance(Tensor x) => Variance(x.Reshape([-1]), 0);

    /// <summary>The variance over one dimension, Σ (x − mean)² / (n − correction).</summary>
    /// <param name="x">(…).</param>
    /// <param name="axis">The dimension, which is removed or kept with size 1.</param>
    /// <param name="correction">1 for the unbiased estimate from a sample (Bessel), 0 for the mean square.</param>
    /// <param name="keepDimension">Whether the dimension is kept.</param>
    public static Tensor Variance(Tensor x, int axis, int correction = 1, bool keepDimension = false)
    {
        var centered = Numbers("Variance", x) - Mean(x, axis, keepDimension: true);
        return Sum(centered * centered, axis, keepDimension) / (x.Shape[x.Shape.Axis("Variance", axis)] - correction);
    }

    /// <summary>The variance over several dimensions; see <see cref="Variance(Tensor, int, int, bool)"/>.</summary>
    public static Tensor Variance(Tensor x, ReadOnlySpan<int> axes, int correction = 1, bool keepDimension = false) =>
        Reduce("Variance", x, axes, keepDimension, (y, axis) => Variance(y, axis, correction));

    /// <summary>The standard deviation of all elements, √ of <see cref="Variance(Tensor)"/>.</summary>
    public static Tensor StandardDeviation(Tensor x) => StandardDeviation(x.Reshape([-1]), 0);

    /// <summary>The standard deviation over one dimension, √ of <see cref="Variance(Tensor, int, int, bool)"/>. Where all elements
    /// are equal, the gradient is 0.</summary>
    public static Tensor StandardDeviation(Tensor x, int axis, int correction = 1, bool keepDimension = false) =>
        Root(Variance(x, axis, correction, keepDimension), Sqrt);

    /// <summary>The standard deviation over several dimensions.</summary>
    public static Tensor StandardDeviation(Tensor x, ReadOnlySpan<int> axes, int correction = 1, bool keepDimension = false) =>
        Root(Variance(x, axes, correction, keepDimension), Sqrt);

    /// <summary>The length of all elements as one vector, √ Σ x². At 0 the gradient is 0.</summary>
    public static Tensor Norm(Tensor x) => Norm(x.Reshape([-1]), 0);

    /// <summary>The norm over one dimension, (Σ |x|ᵖ)^(1/p) for order p: 1 is the sum of sizes, 2 the length, ∞ the largest size.
    /// At 0 the gradient is 0.</summary>
    /// <exception cref="ArgumentException">The order is below 1.</exception>
    public static Tensor Norm(Tensor x, int axis, float order = 2, bool keepDimension = false) => order switch
    {
        1 => Sum(Abs(x), axis, keepDimension),
        2 => Length(x, axis, keepDimension),
        float.PositiveInfinity => Max(Abs(x), axis, keepDimension),
        > 1 => Root(Sum(Power(Abs(x), order), axis, keepDimension), sum => Power(sum, 1 / order)),
        _ => throw new ArgumentException($"Norm: the order must be 1 or more, not {order}."),
    };

    /// <summary>The norm over several dimensions; see <see cref="Norm(Tensor, int, float, bool)"/>.</summary>
    public static Tensor Norm(Tensor x, ReadOnlySpan<int> axes, float order = 2, bool keepDimension = false) =>
        Reduce("Norm", x, axes, keepDimension, (y, axis) => Norm(y, axis, order));

    /// <summary>x, which must hold numbers.</summary>
    private static Tensor Numbers(string operation, Tensor x)
    {
        _ = Float(operation, x);
        return x;
    }

    /// <summary>The sum over one dimension, which wraps around on overflow; it is kept with size 1.</summary>
    private static Tensor SumOfIntegers(Tensor x, int axis) =>
        x.Shape[axis] == 0 ? x.Pad(axis, 0, 1) : Fold("Sum", x, axis, Add);

    /// <summary>Combines the integers of one dimension, half with half, to one.</summary>
    private static Tensor Fold(string operation, Tensor x, int axis, Func<Tensor, Tensor, Tensor> combine)
    {
        if (x.Shape[axis] == 0)
            throw new ArgumentException($"{operation}: dimension {axis} of {x.Shape} is empty.");
        while (x.Shape[axis] is > 1 and var length)
        {
            var half = length / 2;
            var folded = combine(x.Slice(axis, 0, half), x.Slice(axis, half, half));
            x = length % 2 == 0 ? folded : Concat(axis, folded, x.Slice(axis, length - 1, 1));
        }
        return x;
    }

    /// <summary>A root whose slope at 0 counts as finite, so that the gradient of what is minimal there is 0, not NaN.</summary>
    private static Tensor Root(Tensor x, Func<Tensor, Tensor> root)
    {
        var isZero = Equal(x, 0);
        return root(x + isZero) - isZero;
    }

    private static Tensor Length(Tensor x, int axis, bool keepDimension)
    {
        var along = x.Shape.Axis("Norm", axis);
        var values = x.Detach();
        var lengths = Sqrt(Sum(values * values, along, keepDimension: true));
        var y = Primitive(x, lengths.Raw, (g, x, y) => g * (x / (y + Equal(y, 0))), "Norm");
        return keepDimension ? y : y.Reshape(x.Shape.Without(along).Sizes);
    }

    private static Tensor Reduce(
        string operation, Tensor x, ReadOnlySpan<int> axes, bool keepDimension, Func<Tensor, int, Tensor> reduce)
    {
        var merged = MergedAxes.Of(operation, x.Shape, axes);
        var y = reduce(merged.Merge(x), merged.Axis);
        return keepDimension ? y.Reshape(merged.Kept.Sizes) : y;
    }

    private static Tensor Distribute(Tensor g, Tensor isMax, int axis) =>
        g / Sum(isMax, axis, keepDimension: true) * isMax;

    /// <summary>Finite numbers, and 0 for the others, so that differences with them are defined.</summary>
    private static Tensor FiniteOrZero(Tensor x) => Where(Less(Abs(x), float.PositiveInfinity), x, 0);
}
