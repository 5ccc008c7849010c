using System.Collections.Immutable;

namespace Makemore;

/// <summary>A node of a <see cref="Graph"/>: a tensor, and where it comes from.</summary>
/// <param name="Shape">The shape.</param>
/// <param name="Type">The element type.</param>
public abstract record GraphNode(Shape Shape, ElementType Type)
{
    /// <summary>The tokens.</summary>
    /// <param name="Shape">(B, T).</param>
    public sealed record Input(Shape Shape) : GraphNode(Shape, ElementType.Int32);

    /// <summary>A tensor that does not depend on the tokens.</summary>
    /// <param name="Value">The tensor, on the managed engine.</param>
    /// <param name="Name">The leaf's name if it is a parameter.</param>
    public sealed record Constant(Tensor Value, string? Name = null) : GraphNode(Value.Shape, Value.Type);

    /// <summary>The result of an operation.</summary>
    /// <param name="Operation">The operation.</param>
    /// <param name="Operands">What it is computed from.</param>
    /// <param name="Attributes">The operation's numbers, in the order that <see cref="GraphOperation"/> gives.</param>
    /// <param name="Shape">The shape.</param>
    /// <param name="Type">The element type.</param>
    /// <param name="Name">The name of the <see cref="Activation"/> that it is; null for a part of the computation of one.</param>
    public sealed record Computed(
        GraphOperation Operation, ImmutableArray<GraphOperand> Operands, ImmutableArray<double> Attributes, Shape Shape, ElementType Type,
        string? Name = null)
        : GraphNode(Shape, Type);
}

/// <summary>A node as an operation reads it.</summary>
/// <param name="Node">The index of the node.</param>
/// <param name="Shape">The shape that it is read in: that of the node, or another one of the same size.</param>
public readonly record struct GraphOperand(int Node, Shape Shape);

/// <summary>The operations of graphs: those that an <see cref="IEngine"/> must implement and a forward pass may use, where they are
/// described. An operation's attributes are the numbers it takes besides its operands; a flag is 0 or 1.</summary>
public enum GraphOperation
{
    /// <summary>x + y.</summary>
    Add,

    /// <summary>x − y.</summary>
    Subtract,

    /// <summary>x · y elementwise.</summary>
    Multiply,

    /// <summary>x / y.</summary>
    Divide,

    /// <summary>1 where x = y, 0 elsewhere.</summary>
    Equal,

    /// <summary>1 where x &gt; y, 0 elsewhere.</summary>
    Greater,

    /// <summary>The remainder of x / y, with the sign of x.</summary>
    Remainder,

    /// <summary>The smaller one.</summary>
    Minimum,

    /// <summary>The larger one.</summary>
    Maximum,

    /// <summary>An operation on integers. Attribute: the <see cref="IntegerOperation"/>.</summary>
    Integers,

    /// <summary>x where the mask is not 0, y elsewhere.</summary>
    Where,

    /// <summary>scale · x + offset. Attributes: scale, offset.</summary>
    Affine,

    /// <summary>eˣ.</summary>
    Exp,

    /// <summary>The natural logarithm.</summary>
    Log,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>GELU by its tanh approximation.</summary>
    Gelu,

    /// <summary>ln(1 + eˣ).</summary>
    Softplus,

    /// <summary>The square root.</summary>
    Sqrt,

    /// <summary>x to a power. Attribute: the exponent.</summary>
    Power,

    /// <summary>|x|.</summary>
    Abs,

    /// <summary>−1, 0 or 1.</summary>
    Sign,

    /// <summary>The sine.</summary>
    Sin,

    /// <summary>The cosine.</summary>
    Cos,

    /// <summary>The error function.</summary>
    Erf,

    /// <summary>1 where an integer is at least a bound, 0 elsewhere. Attribute: the bound.</summary>
    IsAtLeast,

    /// <summary>Another element type. Attribute: the <see cref="ElementType"/>.</summary>
    Convert,

    /// <summary>The sum over a dimension, which is kept with size 1. Attribute: the axis.</summary>
    Sum,

    /// <summary>The maximum over a dimension, which is kept with size 1. Attribute: the axis.</summary>
    Max,

    /// <summary>The cumulative sum over a dimension. Attributes: the axis, whether from the end.</summary>
    CumulativeSum,

    /// <summary>The cumulative maximum over a dimension. Attribute: the axis.</summary>
    CumulativeMax,

    /// <summary>Softmax over the last dimension.</summary>
    Softmax,

    /// <summary>The logarithm of softmax over the last dimension.</summary>
    LogSoftmax,

    /// <summary>The causal mask over the last two dimensions. Attribute: what the future is filled with.</summary>
    MaskFuture,

    /// <summary>x · y over the last two dimensions. Attributes: whether x, whether y is transposed.</summary>
    MatMul,

    /// <summary>Permutes the dimensions. Attributes: the order.</summary>
    Permute,

    /// <summary>A part of a dimension. Attributes: axis, start, length.</summary>
    Slice,

    /// <summary>Zeros of a length along a dimension, with x at a start. Attributes: axis, start, length.</summary>
    Unslice,

    /// <summary>Concatenates along a dimension. Attribute: the axis.</summary>
    Concat,

    /// <summary>Broadcasts to the node's shape.</summary>
    BroadcastTo,

    /// <summary>The rows of a table (R, C) at ids (…).</summary>
    Gather,

    /// <summary>Adds rows (…, C) to zeros (R, C) at ids (…). Attribute: R.</summary>
    ScatterAdd,

    /// <summary>The indices that sort a dimension. Attributes: the axis, whether descending.</summary>
    ArgSort,

    /// <summary>The elements at indices along a dimension. Attribute: the axis.</summary>
    GatherAlong,

    /// <summary>Adds elements to zeros at indices along a dimension. Attributes: the axis, its length.</summary>
    ScatterAddAlong,
}
