namespace Makemore;

/// <summary>The operations of graphs in ONNX's operators of version <see cref="OnnxFile.Opset"/>.</summary>
internal sealed partial class OnnxGraph
{
    private string Computed(int node, GraphNode.Computed computed)
    {
        string[] of = [.. computed.Operands.Select((operand, i) => Read(operand, Operand(node, i)))];
        return computed.Operation switch
        {
            GraphOperation.Subtract => Emit("Sub", of),
            GraphOperation.Multiply => Emit("Mul", of),
            GraphOperation.Divide => Emit("Div", of),
            GraphOperation.Minimum => Emit("Min", of),
            GraphOperation.Maximum => Emit("Max", of),
            GraphOperation.Remainder => Remainder(of),
            GraphOperation.Equal or GraphOperation.Greater => Mask(Emit($"{computed.Operation}", of)),
            GraphOperation.Integers => Integers((IntegerOperation)Value(node, 0), of),
            GraphOperation.Where => Emit("Where", [Cast(of[0], OnnxSchema.Bool), of[1], of[2]]),
            GraphOperation.Affine => Affine(of[0], Value(node, 0), Value(node, 1)),
            GraphOperation.Gelu => Emit("Gelu", of, OnnxSchema.Attribute("approximate", "tanh")),
            GraphOperation.Power => Emit("Pow", [of[0], Number(Value(node, 0))]),
            GraphOperation.IsAtLeast => Mask(Emit("GreaterOrEqual", [of[0], Integer((int)Value(node, 0))])),
            GraphOperation.Convert => Cast(of[0], TypeOf(computed.Type)),
            GraphOperation.Sum => Emit("ReduceSum", [of[0], Integers(Axis(node))]),
            GraphOperation.Max => Emit("ReduceMax", [of[0], Integers(Axis(node))]),
            GraphOperation.CumulativeSum => Emit(
                "CumSum", [of[0], Integer(Axis(node))], OnnxSchema.Attribute("reverse", (long)Value(node, 1))),
            GraphOperation.CumulativeMax => CumulativeMax(of[0], Axis(node), Fixed(Operand(node, 0)[Axis(node)])),
            GraphOperation.MaskFuture => Emit("Where", [IsPast(Operand(node, 0)), of[0], Number(Value(node, 0))]),
            GraphOperation.MatMul => MatMul(computed, of, Value(node, 0) != 0, Value(node, 1) != 0),
            GraphOperation.Permute => Emit(
                "Transpose", of, OnnxSchema.Attribute("perm", Enumerable.Range(0, computed.Shape.Rank).Select(i => (long)Value(node, i)))),
            GraphOperation.Slice => Slice(of[0], Axis(node), Size(node, 1), Size(node, 1) + Size(node, 2)),
            GraphOperation.Unslice => Emit("Pad", [of[0], Vector(Padding(Operand(node, 0), Axis(node), Size(node, 1), Size(node, 2)))]),
            GraphOperation.Concat => Emit("Concat", of, OnnxSchema.Attribute("axis", Axis(node))),
            GraphOperation.BroadcastTo => Emit("Expand", [of[0], Vector(Expansion(node))]),
            GraphOperation.Gather => Emit("Gather", of),
            GraphOperation.ScatterAdd => Emit(
                "ScatterND", [Zeros(node), Cast(Reshape(of[1], [.. Operand(node, 1), 1]), OnnxSchema.Int64), of[0]],
                OnnxSchema.Attribute("reduction", "add")),
            GraphOperation.ArgSort => ArgSort(of[0], Axis(node), Operand(node, 0)[Axis(node)], Value(node, 1) != 0),
            GraphOperation.GatherAlong => Emit("GatherElements", of, OnnxSchema.Attribute("axis", Axis(node))),
            GraphOperation.ScatterAddAlong => Emit(
                "ScatterElements", [Zeros(node), of[1], of[0]],
                OnnxSchema.Attribute("axis", Axis(node)), OnnxSchema.Attribute("reduction", "add")),
            // The others have the same name.
            _ => Emit($"{computed.Operation}", of),
        };
    }

    private Extent[] Operand(int node, int i) => Extents(graph => ((GraphNode.Computed)graph.Nodes[node]).Operands[i].Shape);

    private IEnumerable<double> Attribute(int node, int i) => _graphs.Select(graph => ((GraphNode.Computed)graph.Nodes[node]).Attributes[i]);

    private double Value(int node, int i) => Attribute(node, i).Distinct().ToArray() is [var value]
        ? value
        : throw ComputesWithBatch;

    private Extent Size(int node, int i) => Extent.Of([.. Attribute(node, i).Select(value => (int)value)]);

    private int Axis(int node) => (int)Value(node, 0);

    private static int Fixed(Extent extent) => extent.IsFixed
        ? extent.Fixed
        : throw new NotWritableException("its forward pass goes along the sequences of a batch");

    private static int TypeOf(ElementType type) => type == ElementType.Float32 ? OnnxSchema.Float : OnnxSchema.Int32;

    private string Cast(string x, int type) => Emit("Cast", [x], OnnxSchema.Attribute("to", type));

    private string Mask(string isTrue) => Cast(isTrue, OnnxSchema.Float);

    private string Remainder(string[] of) => Emit("Mod", of, OnnxSchema.Attribute("fmod", 1));

    private string Integers(IntegerOperation operation, string[] of) => operation switch
    {
        IntegerOperation.Add => Emit("Add", of),
        IntegerOperation.Subtract => Emit("Sub", of),
        IntegerOperation.Multiply => Emit("Mul", of),
        IntegerOperation.Divide => Emit("Div", of),
        IntegerOperation.Remainder => Remainder(of),
        IntegerOperation.Minimum => Emit("Min", of),
        IntegerOperation.Maximum => Emit("Max", of),
        IntegerOperation.Equal => Mask(Emit("Equal", of)),
        IntegerOperation.Greater => Mask(Emit("Greater", of)),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "is not an operation"),
    };

    private string Affine(string x, double scale, double offset)
    {
        var scaled = scale == 1 ? x : Emit("Mul", [x, Number(scale)]);
        return offset == 0 ? scaled : Emit("Add", [scaled, Number(offset)]);
    }

    private string MatMul(GraphNode.Computed node, string[] of, bool transposeX, bool transposeY) =>
        (transposeX || transposeY) && node.Operands.All(operand => operand.Shape.Rank == 2)
            ? Emit("Gemm", of, OnnxSchema.Attribute("transA", transposeX ? 1 : 0), OnnxSchema.Attribute("transB", transposeY ? 1 : 0))
            : Emit("MatMul", [
                transposeX ? Transposed(of[0], node.Operands[0].Shape.Rank) : of[0],
                transposeY ? Transposed(of[1], node.Operands[1].Shape.Rank) : of[1]]);

    private string Transposed(string x, int rank) => Emit(
        "Transpose", [x],
        OnnxSchema.Attribute("perm", [.. Enumerable.Range(0, rank - 2).Select(axis => (long)axis), rank - 1, rank - 2]));

    /// <summary>Whether a column of the last two dimensions is not in a row's future.</summary>
    private string IsPast(Extent[] shape)
    {
        var (rows, columns) = (Fixed(shape[^2]), Fixed(shape[^1]));
        return Once($"past {rows} {columns}", () => Initializer(
            "past", OnnxSchema.Bool, [rows, columns],
            Enumerable.Range(0, rows * columns).Select(i => (i % columns) - (columns - rows) <= i / columns).ToArray()));
    }

    private string Slice(string x, int axis, Extent start, Extent end) => Emit("Slice", [x, Vector(start), Vector(end), Integers(axis)]);

    /// <summary>The zeros before and after each dimension.</summary>
    private static Extent[] Padding(Extent[] shape, int axis, Extent start, Extent length)
    {
        var padding = new Extent[2 * shape.Length];
        padding[axis] = start;
        padding[shape.Length + axis] = length - start - shape[axis];
        return padding;
    }

    // A 1 leaves a size as it is.
    private Extent[] Expansion(int node)
    {
        var (target, own) = (Extents(graph => graph.Nodes[node].Shape), Operand(node, 0));
        var missing = target.Length - own.Length;
        return [.. target.Select((extent, i) => i >= missing && own[i - missing] == extent ? 1 : extent)];
    }

    private string Zeros(int node) => Emit("ConstantOfShape", [Vector(Extents(graph => graph.Nodes[node].Shape))]);

    private string ArgSort(string x, int axis, Extent length, bool isDescending)
    {
        var indices = Unused($"TopK_{_nodes.Count}");
        return Cast(
            Emit(
                "TopK", [x, Vector(length)], [Unused(indices + "_values"), indices],
                OnnxSchema.Attribute("axis", axis), OnnxSchema.Attribute("largest", isDescending ? 1 : 0)),
            OnnxSchema.Int32);
    }

    /// <summary>ONNX has no such operator. After each step, an element is the maximum of twice as many.</summary>
    private string CumulativeMax(string x, int axis, int length)
    {
        for (var step = 1; step < length; step *= 2)
            x = Emit(
                "Concat",
                [Slice(x, axis, 0, step), Emit("Max", [Slice(x, axis, step, length), Slice(x, axis, 0, length - step)])],
                OnnxSchema.Attribute("axis", axis));
        return x;
    }
}
