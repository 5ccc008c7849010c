namespace Makemore;

/// <summary>An engine that computes nothing: it writes down what it is asked.</summary>
internal sealed class RecordingEngine : IEngine
{
    private readonly List<GraphNode> _nodes = [];

    /// <summary>What was recorded so far.</summary>
    public IReadOnlyList<GraphNode> Nodes => _nodes;

    /// <inheritdoc/>
    public string Name => "recording";

    /// <summary>Tokens (B, T) that are not known.</summary>
    public Raw Input(Shape shape) => Record(new GraphNode.Input(shape));

    /// <summary>Names what was recorded, unless it has a name: another shape of a tensor is the same node.</summary>
    public void SetName(Raw recorded, string name)
    {
        var index = IndexOf(recorded);
        _nodes[index] = _nodes[index] switch
        {
            GraphNode.Constant { Name: null } constant => constant with { Name = name },
            GraphNode.Computed { Name: null } computed => computed with { Name = name },
            var node => node,
        };
    }

    /// <summary>A tensor as an operand.</summary>
    public static GraphOperand Operand(Raw x) => new(IndexOf(x), x.Shape);

    /// <inheritdoc/>
    public Raw FromFloats(ReadOnlySpan<float> values, Shape shape) => Record(new GraphNode.Constant(Tensor.Of(values, shape)));

    /// <inheritdoc/>
    public Raw FromInts(ReadOnlySpan<int> values, Shape shape) => Record(new GraphNode.Constant(Tensor.Of(values, shape)));

    /// <inheritdoc/>
    public Raw Full(float value, Shape shape) =>
        Record(new GraphNode.Constant(Tensor.Constant(ManagedEngine.Default.Full(value, shape))));

    /// <inheritdoc/>
    public void Read(Raw x, Span<float> values) => ValueOf(x).ToArray().CopyTo(values);

    /// <inheritdoc/>
    public void Read(Raw x, Span<int> values) => ValueOf(x).ToInts().CopyTo(values);

    /// <inheritdoc/>
    public void Release(Storage storage)
    {
    }

    /// <inheritdoc/>
    public Raw Add(Raw x, Raw y, Shape shape) => Record(GraphOperation.Add, shape, [x, y]);

    /// <inheritdoc/>
    public Raw Subtract(Raw x, Raw y, Shape shape) => Record(GraphOperation.Subtract, shape, [x, y]);

    /// <inheritdoc/>
    public Raw Multiply(Raw x, Raw y, Shape shape) => Record(GraphOperation.Multiply, shape, [x, y]);

    /// <inheritdoc/>
    public Raw Divide(Raw x, Raw y, Shape shape) => Record(GraphOperation.Divide, shape, [x, y]);

    /// <inheritdoc/>
    public Raw Equal(Raw x, Raw y, Shape shape) => Record(GraphOperation.Equal, shape, [x, y]);

    /// <inheritdoc/>
    public Raw Greater(Raw x, Raw y, Shape shape) => Record(GraphOperation.Greater, shape, [x, y]);

    /// <inheritdoc/>
    public Raw Remainder(Raw x, Raw y, Shape shape) => Record(GraphOperation.Remainder, shape, [x, y]);

    /// <inheritdoc/>
    public Raw Minimum(Raw x, Raw y, Shape shape) => Record(GraphOperation.Minimum, shape, [x, y]);

    /// <inheritdoc/>
    public Raw Maximum(Raw x, Raw y, Shape shape) => Record(GraphOperation.Maximum, shape, [x, y]);

    /// <inheritdoc/>
    public Raw Integers(IntegerOperation operation, Raw x, Raw y, Shape shape) => Record(
        GraphOperation.Integers, shape, [x, y],
        operation is IntegerOperation.Equal or IntegerOperation.Greater ? ElementType.Float32 : ElementType.Int32, (int)operation);

    /// <inheritdoc/>
    public Raw Where(Raw mask, Raw x, Raw y) => Record(GraphOperation.Where, x.Shape, [mask, x, y], x.Type);

    /// <inheritdoc/>
    public Raw Affine(Raw x, float scale, float offset) =>
        Record(GraphOperation.Affine, x.Shape, [x], ElementType.Float32, scale, offset);

    /// <inheritdoc/>
    public Raw Exp(Raw x) => Record(GraphOperation.Exp, x.Shape, [x]);

    /// <inheritdoc/>
    public Raw Log(Raw x) => Record(GraphOperation.Log, x.Shape, [x]);

    /// <inheritdoc/>
    public Raw Tanh(Raw x) => Record(GraphOperation.Tanh, x.Shape, [x]);

    /// <inheritdoc/>
    public Raw Sigmoid(Raw x) => Record(GraphOperation.Sigmoid, x.Shape, [x]);

    /// <inheritdoc/>
    public Raw Relu(Raw x) => Record(GraphOperation.Relu, x.Shape, [x]);

    /// <inheritdoc/>
    public Raw Gelu(Raw x) => Record(GraphOperation.Gelu, x.Shape, [x]);

    /// <inheritdoc/>
    public Raw Softplus(Raw x) => Record(GraphOperation.Softplus, x.Shape, [x]);

    /// <inheritdoc/>
    public Raw Sqrt(Raw x) => Record(GraphOperation.Sqrt, x.Shape, [x]);

    /// <inheritdoc/>
    public Raw Power(Raw x, float exponent) => Record(GraphOperation.Power, x.Shape, [x], ElementType.Float32, exponent);

    /// <inheritdoc/>
    public Raw Abs(Raw x) => Record(GraphOperation.Abs, x.Shape, [x]);

    /// <inheritdoc/>
    public Raw Sign(Raw x) => Record(GraphOperation.Sign, x.Shape, [x]);

    /// <inheritdoc/>
    public Raw Sin(Raw x) => Record(GraphOperation.Sin, x.Shape, [x]);

    /// <inheritdoc/>
    public Raw Cos(Raw x) => Record(GraphOperation.Cos, x.Shape, [x]);

    /// <inheritdoc/>
    public Raw Erf(Raw x) => Record(GraphOperation.Erf, x.Shape, [x]);

    /// <inheritdoc/>
    public Raw IsAtLeast(Raw ids, int bound) => Record(GraphOperation.IsAtLeast, ids.Shape, [ids], ElementType.Float32, bound);

    /// <inheritdoc/>
    public Raw Convert(Raw x, ElementType type) => Record(GraphOperation.Convert, x.Shape, [x], type, (int)type);

    /// <inheritdoc/>
    public Raw Sum(Raw x, int axis) => Record(GraphOperation.Sum, x.Shape.With(axis, 1), [x], ElementType.Float32, axis);

    /// <inheritdoc/>
    public Raw Max(Raw x, int axis) => Record(GraphOperation.Max, x.Shape.With(axis, 1), [x], ElementType.Float32, axis);

    /// <inheritdoc/>
    public Raw CumulativeSum(Raw x, int axis, bool reverse) =>
        Record(GraphOperation.CumulativeSum, x.Shape, [x], ElementType.Float32, axis, Flag(reverse));

    /// <inheritdoc/>
    public Raw CumulativeMax(Raw x, int axis) => Record(GraphOperation.CumulativeMax, x.Shape, [x], ElementType.Float32, axis);

    /// <inheritdoc/>
    public Raw Softmax(Raw x) => Record(GraphOperation.Softmax, x.Shape, [x]);

    /// <inheritdoc/>
    public Raw LogSoftmax(Raw x) => Record(GraphOperation.LogSoftmax, x.Shape, [x]);

    /// <inheritdoc/>
    public Raw MaskFuture(Raw x, float fill) => Record(GraphOperation.MaskFuture, x.Shape, [x], ElementType.Float32, fill);

    /// <inheritdoc/>
    public Raw MatMul(Raw x, Raw y, bool transposeX, bool transposeY, Shape shape) =>
        Record(GraphOperation.MatMul, shape, [x, y], ElementType.Float32, Flag(transposeX), Flag(transposeY));

    /// <inheritdoc/>
    public Raw Permute(Raw x, ReadOnlySpan<int> order, Shape shape) =>
        Record(GraphOperation.Permute, shape, [x], x.Type, Array.ConvertAll(order.ToArray(), axis => (double)axis));

    /// <inheritdoc/>
    public Raw Slice(Raw x, int axis, int start, int length) =>
        Record(GraphOperation.Slice, x.Shape.With(axis, length), [x], x.Type, axis, start, length);

    /// <inheritdoc/>
    public Raw Unslice(Raw x, int axis, int start, int length) =>
        Record(GraphOperation.Unslice, x.Shape.With(axis, length), [x], x.Type, axis, start, length);

    /// <inheritdoc/>
    public Raw Concat(ReadOnlySpan<Raw> parts, int axis, Shape shape) =>
        Record(GraphOperation.Concat, shape, [.. parts], parts[0].Type, axis);

    /// <inheritdoc/>
    public Raw BroadcastTo(Raw x, Shape shape) => Record(GraphOperation.BroadcastTo, shape, [x], x.Type);

    /// <inheritdoc/>
    public Raw Gather(Raw table, Raw ids) =>
        Record(GraphOperation.Gather, ids.Shape.Insert(ids.Shape.Rank, table.Shape[1]), [table, ids], table.Type);

    /// <inheritdoc/>
    public Raw ScatterAdd(Raw x, Raw ids, int rows) =>
        Record(GraphOperation.ScatterAdd, [rows, x.Shape[^1]], [x, ids], ElementType.Float32, rows);

    /// <inheritdoc/>
    public Raw ArgSort(Raw x, int axis, bool descending) =>
        Record(GraphOperation.ArgSort, x.Shape, [x], ElementType.Int32, axis, Flag(descending));

    /// <inheritdoc/>
    public Raw GatherAlong(Raw x, Raw ids, int axis) => Record(GraphOperation.GatherAlong, ids.Shape, [x, ids], x.Type, axis);

    /// <inheritdoc/>
    public Raw ScatterAddAlong(Raw x, Raw ids, int axis, int length) =>
        Record(GraphOperation.ScatterAddAlong, x.Shape.With(axis, length), [x, ids], ElementType.Float32, axis, length);

    /// <inheritdoc/>
    public Raw TokenLoss(Raw logits, Raw targets) => throw Unknown("a loss");

    /// <inheritdoc/>
    public Raw TokenLossPullback(Raw g, Raw logits, Raw targets, Raw losses) => throw Unknown("a loss");

    private static InvalidOperationException Unknown(string what) => new($"its forward pass computes {what}");

    private static double Flag(bool flag) => flag ? 1 : 0;

    private static int IndexOf(Raw x) => ((RecordedStorage)x.Storage).Node;

    private Tensor ValueOf(Raw x) => _nodes[IndexOf(x)] is GraphNode.Constant { Value: var value }
        ? value
        : throw new InvalidOperationException("its forward pass reads numbers out of tensors and computes with them elsewhere");

    private Raw Record(
        GraphOperation operation, Shape shape, Raw[] operands, ElementType type = ElementType.Float32, params double[] attributes) =>
        Record(new GraphNode.Computed(operation, [.. operands.Select(Operand)], [.. attributes], shape, type));

    private Raw Record(GraphNode node)
    {
        _nodes.Add(node);
        return new(new RecordedStorage(this, _nodes.Count - 1), node.Shape, node.Type);
    }

    private sealed class RecordedStorage(IEngine engine, int node) : Storage(engine)
    {
        public int Node => node;
    }
}
