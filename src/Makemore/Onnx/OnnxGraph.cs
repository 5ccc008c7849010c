using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Makemore;

/// <summary>Writes a model's forward pass, for any number of sequences, as a GraphProto. It was recorded for several numbers: what
/// grows with them is computed from the shape of the tokens.</summary>
internal sealed partial class OnnxGraph
{
    /// <summary>The tokens, the logits, and the name of the number of sequences.</summary>
    public const string Ids = "ids", Logits = "logits", Batch = "batch";

    private readonly ImmutableArray<Graph> _graphs;
    private readonly List<ProtoMessage> _nodes = [], _initializers = [];
    private readonly HashSet<string> _taken = [Ids, Logits, Batch];
    private readonly Dictionary<string, string> _made = [];
    private readonly string[] _names;

    private OnnxGraph(ImmutableArray<Graph> graphs) => (_graphs, _names) = (graphs, new string[graphs[0].Nodes.Length]);

    /// <summary>The graph.</summary>
    /// <param name="name">The name of the model.</param>
    /// <param name="graphs">Its forward pass for <see cref="Extent.Batches"/>.</param>
    /// <exception cref="NotWritableException">It computes with the number of sequences.</exception>
    public static ProtoMessage Of(string name, ImmutableArray<Graph> graphs)
    {
        var (graph, writer) = (graphs[0], new OnnxGraph(graphs));
        for (var i = 0; i < graph.Nodes.Length; i++)
            writer._names[i] = graph.Nodes[i] switch
            {
                GraphNode.Input => writer.Emit("Cast", [Ids], OnnxSchema.Attribute("to", OnnxSchema.Int32)),
                GraphNode.Constant constant => writer.Constant(i, constant),
                GraphNode.Computed computed => writer.Computed(i, computed),
                _ => throw new InvalidOperationException(),
            };
        writer.Emit("Identity", [writer.Read(graph.Output, writer.Extents(other => other.Output.Shape))], [Logits]);
        return OnnxSchema.Graph(
            name, writer._nodes, writer._initializers,
            OnnxSchema.Batched(Ids, OnnxSchema.Int64, Batch, graph.Nodes.OfType<GraphNode.Input>().Single().Shape[1]),
            OnnxSchema.Batched(Logits, OnnxSchema.Float, Batch, graph.Output.Shape[1], graph.Output.Shape[2]));
    }

    private Extent[] Extents(Func<Graph, Shape> shape)
    {
        Shape[] shapes = [.. _graphs.Select(shape)];
        return shapes.All(other => other.Rank == shapes[0].Rank)
            ? [.. Enumerable.Range(0, shapes[0].Rank).Select(axis => Extent.Of([.. shapes.Select(other => other[axis])]))]
            : throw new NotWritableException("its forward pass has tensors of other ranks for another number of sequences");
    }

    private string Emit(string operation, string[] inputs, params ProtoMessage[] attributes) =>
        Emit(operation, inputs, [Unused($"{operation}_{_nodes.Count}")], attributes);

    private string Emit(string operation, string[] inputs, string[] outputs, params ProtoMessage[] attributes)
    {
        _nodes.Add(OnnxSchema.Node(operation, inputs, outputs, attributes));
        return outputs[^1];
    }

    private string Unused(string name)
    {
        while (!_taken.Add(name))
            name += "_";
        return name;
    }

    /// <summary>What makes a tensor, called the first time that it is asked for.</summary>
    private string Once(string key, Func<string> make) => _made.TryGetValue(key, out var name) ? name : _made[key] = make();

    private string Initializer<T>(string name, int type, IEnumerable<long> sizes, T[] elements)
        where T : unmanaged
    {
        var (unused, bytes) = (Unused(name), MemoryMarshal.AsBytes<T>(elements).ToArray());
        if (!BitConverter.IsLittleEndian)
            for (var i = 0; i < bytes.Length; i += Unsafe.SizeOf<T>())
                bytes.AsSpan(i, Unsafe.SizeOf<T>()).Reverse();
        _initializers.Add(OnnxSchema.Tensor(unused, type, sizes, bytes));
        return unused;
    }

    private string Number(double value) => Once(
        $"number {(float)value:r}", () => Initializer("number", OnnxSchema.Float, [], [(float)value]));

    private string Integer(int value) => Once($"integer {value}", () => Initializer("integer", OnnxSchema.Int32, [], [value]));

    private string Integers(params long[] values) => Once(
        $"integers {string.Join(' ', values)}", () => Initializer("integers", OnnxSchema.Int64, [values.Length], values));

    /// <summary>Extents as a vector of int64.</summary>
    private string Vector(params Extent[] extents) => extents.All(extent => extent.IsFixed)
        ? Integers([.. extents.Select(extent => (long)extent.Fixed)])
        : Once($"vector {string.Join(' ', extents)}", () => extents is [var single]
            ? Sum(single.Fixed, Times(
                single.PerSequence, Once(Batch, () => Emit("Shape", [Ids], OnnxSchema.Attribute("start", 0), OnnxSchema.Attribute("end", 1)))))
            : Emit("Concat", [.. extents.Select(extent => Vector(extent))], OnnxSchema.Attribute("axis", 0)));

    private string Times(int factor, string vector) => factor == 1 ? vector : Emit("Mul", [vector, Integers(factor)]);

    private string Sum(int term, string vector) => term == 0 ? vector : Emit("Add", [vector, Integers(term)]);

    /// <summary>A node in the shape that an operation reads it in.</summary>
    private string Read(GraphOperand operand, Extent[] shape) =>
        Extents(graph => graph.Nodes[operand.Node].Shape).SequenceEqual(shape)
            ? _names[operand.Node]
            : Once($"reshape {operand.Node} {string.Join(' ', shape)}", () => Reshape(_names[operand.Node], shape));

    // One size may be left out, because it follows from the number of elements, if there are any.
    private string Reshape(string x, Extent[] shape) => shape.Contains(0)
        ? Emit("Reshape", [x, Vector(shape)], OnnxSchema.Attribute("allowzero", 1))
        : Emit("Reshape", [x, shape.Count(extent => !extent.IsFixed) == 1
            ? Integers([.. shape.Select(extent => extent.IsFixed ? (long)extent.Fixed : -1)])
            : Vector(shape)]);

    private string Constant(int node, GraphNode.Constant constant)
    {
        if (constant.Name is { } name)
            return Initializer(name, constant.Value, constant.Shape);
        var extents = Extents(graph => graph.Nodes[node].Shape);
        Tensor[] values = [.. _graphs.Select(graph => ((GraphNode.Constant)graph.Nodes[node]).Value)];
        return extents.All(extent => extent.IsFixed)
            ? values.All(value => Words(value).SequenceEqual(Words(values[0])))
                ? Initializer("constant", values[0], values[0].Shape)
                : throw ComputesWithBatch
            : PerSequence(values, extents);
    }

    /// <summary>A constant that has a part for each sequence: the same one, or integers that grow by a step, such as the places
    /// where sequences begin.</summary>
    private string PerSequence(Tensor[] values, Extent[] extents)
    {
        var axis = Array.FindIndex(extents, extent => !extent.IsFixed);
        if (extents[axis] is not { Fixed: 0, PerSequence: > 0 } || extents.Count(extent => !extent.IsFixed) > 1)
            throw ComputesWithBatch;
        var first = Part(values[0], 0);
        var step = first.Type == ElementType.Int32 ? Words(Part(values[0], 1)).FirstOrDefault() - Words(first).FirstOrDefault() : 0;
        if (!values.All(HasSteps))
            throw ComputesWithBatch;
        var (outer, length, inner) = first.Shape.Around(axis);
        var part = Initializer("constant", first, [outer, 1, length * inner]);
        return Reshape(
            step == 0
                ? Emit("Expand", [part, Vector(1, new(0, 1), 1)])
                : Emit("Add", [part, Emit("Mul", [Reshape(Sequences(), [1, new(0, 1), 1]), Integer(step)])]),
            extents);

        Tensor Part(Tensor value, int sequence) =>
            value.Slice(axis, sequence * extents[axis].PerSequence, extents[axis].PerSequence);

        bool HasSteps(Tensor value) => Enumerable.Range(0, value.Shape[axis] / extents[axis].PerSequence).All(sequence =>
            Words(Part(value, sequence)).SequenceEqual(Words(first).Select(word => word + (sequence * step))));
    }

    /// <summary>0, 1, 2 … for the sequences.</summary>
    private string Sequences() => Once("sequences", () => Emit(
        "Range", [Integer(0), Cast(Emit("Squeeze", [Vector(new Extent(0, 1))]), OnnxSchema.Int32), Integer(1)]));

    private static NotWritableException ComputesWithBatch => new("its forward pass computes with the number of sequences");

    private string Initializer(string name, Tensor value, Shape shape) => value.Type == ElementType.Float32
        ? Initializer(name, OnnxSchema.Float, shape.Select(size => (long)size), value.ToArray())
        : Initializer(name, OnnxSchema.Int32, shape.Select(size => (long)size), value.ToInts());

    /// <summary>The bits of the elements.</summary>
    private static int[] Words(Tensor value) => value.Type == ElementType.Float32
        ? Array.ConvertAll(value.ToArray(), BitConverter.SingleToInt32Bits)
        : value.ToInts();
}
