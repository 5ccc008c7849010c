namespace Makemore;

/// <summary>The messages of ONNX that a model needs, with the numbers of their fields
/// (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).</summary>
internal static class OnnxSchema
{
    /// <summary>Types of elements.</summary>
    public const int Float = 1, Int32 = 6, Int64 = 7, Bool = 9;

    private const int IntAttribute = 2, StringAttribute = 3, IntsAttribute = 7;

    /// <summary>ModelProto, of the operators of one version.</summary>
    public static ProtoMessage Model(
        int irVersion, int opset, string producer, string version, ProtoMessage graph, IEnumerable<KeyValuePair<string, string>> metadata) => new()
        {
            { 1, irVersion },
            { 2, producer },
            { 3, version },
            { 7, graph },
            { 8, new ProtoMessage { { 2, opset } } },
            { 14, metadata.Select(entry => new ProtoMessage { { 1, entry.Key }, { 2, entry.Value } }) },
        };

    /// <summary>GraphProto.</summary>
    public static ProtoMessage Graph(
        string name, IEnumerable<ProtoMessage> nodes, IEnumerable<ProtoMessage> initializers, ProtoMessage input, ProtoMessage output) => new()
        {
            { 1, nodes },
            { 2, name },
            { 5, initializers },
            { 11, input },
            { 12, output },
        };

    /// <summary>NodeProto, which is named as its last output.</summary>
    public static ProtoMessage Node(string operation, IEnumerable<string> inputs, string[] outputs, IEnumerable<ProtoMessage> attributes) => new()
    {
        { 1, inputs },
        { 2, outputs },
        { 3, outputs[^1] },
        { 4, operation },
        { 5, attributes },
    };

    /// <summary>AttributeProto of an integer.</summary>
    public static ProtoMessage Attribute(string name, long value) => new() { { 1, name }, { 3, value }, { 20, IntAttribute } };

    /// <summary>AttributeProto of a text.</summary>
    public static ProtoMessage Attribute(string name, string value) => new() { { 1, name }, { 4, value }, { 20, StringAttribute } };

    /// <summary>AttributeProto of integers.</summary>
    public static ProtoMessage Attribute(string name, IEnumerable<long> values) => new() { { 1, name }, { 8, values }, { 20, IntsAttribute } };

    /// <summary>TensorProto.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">The type of its elements.</param>
    /// <param name="sizes">Its shape.</param>
    /// <param name="elements">Its elements in row-major order, little-endian.</param>
    public static ProtoMessage Tensor(string name, int type, IEnumerable<long> sizes, byte[] elements) =>
        new() { { 1, sizes }, { 2, type }, { 8, name }, { 9, elements } };

    /// <summary>ValueInfoProto of a tensor with a batch in front, whose size has a name instead of a value.</summary>
    public static ProtoMessage Batched(string name, int type, string batch, params long[] sizes)
    {
        var shape = new ProtoMessage { { 1, new ProtoMessage { { 2, batch } } }, { 1, sizes.Select(size => new ProtoMessage { { 1, size } }) } };
        return new() { { 1, name }, { 2, new ProtoMessage { { 1, new ProtoMessage { { 1, type }, { 2, shape } } } } } };
    }
}
