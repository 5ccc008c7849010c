namespace Makemore;

public static partial class Primitives
{
    /// <summary>The sum of all elements, a single number.</summary>
    public static Tensor Sum(Tensor x) => x.Shape.Rank == 0 ? x : Sum(x.Reshape([-1]), 0);

    /// <summary>The sum over one dimension, which is removed or kept with size 1.</summary>
    public static Tensor Sum(Tensor x, int axis, bool keepDimension = false)
    {
        var along = x.Shape.Axis("Sum", axis);
        var sum = Primitive(
            x, x.Engine.Sum(Float("Sum", x), along),
            (g, x, _) => BroadcastTo(g, x.Shape));
        return keepDimension ? sum : sum.Reshape(x.Shape.Without(along).Sizes);
    }

    /// <summary>The mean of all elements, a single number.</summary>
    public static Tensor Mean(Tensor x) => Sum(x) / x.Shape.Size;

    /// <summary>The mean over one dimension, which is removed or kept with size 1.</summary>
    public static Tensor Mean(Tensor x, int axis, bool keepDimension = false) =>
        Sum(x, axis, keepDimension) / x.Shape[x.Shape.Axis("Mean", axis)];

    /// <summary>The maximum over one dimension, which is removed or kept with size 1. The gradient is distributed evenly among
    /// equal maxima.</summary>
    public static Tensor Max(Tensor x, int axis, bool keepDimension = false)
    {
        var along = x.Shape.Axis("Max", axis);
        var max = Primitive(
            x, x.Engine.Max(Float("Max", x), along),
            (g, x, y) => Distribute(g, Equal(x, y), along));
        return keepDimension ? max : max.Reshape(x.Shape.Without(along).Sizes);
    }

    /// <summary>The cumulative sum over one dimension: element t is the sum of elements 0 … t.</summary>
    public static Tensor CumulativeSum(Tensor x, int axis)
    {
        var along = x.Shape.Axis("CumulativeSum", axis);
        return Primitive(
            x, x.Engine.CumulativeSum(Float("CumulativeSum", x), along, reverse: false),
            (g, _, _) => Flat(g.Region, g.Engine.CumulativeSum(g.Raw, along, reverse: true)));
    }

    private static Tensor Distribute(Tensor g, Tensor isMax, int axis) =>
        g / Sum(isMax, axis, keepDimension: true) * isMax;
}
