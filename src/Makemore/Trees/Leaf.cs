namespace Makemore;

/// <summary>A tensor of a tree with its name.</summary>
/// <param name="Name">The path to it, as <c>transformer.h.0.attn.c_attn.weight</c>.</param>
/// <param name="Value">The tensor.</param>
/// <param name="IsBuffer">Whether it is a running statistic: saved, but neither differentiated nor decayed.</param>
public sealed record Leaf(string Name, Tensor Value, bool IsBuffer = false);

/// <summary>Names a part of a tree whose name in files differs from the C# name: <c>[Leaf("mlp.0")]</c>. The empty name omits the
/// part from the path.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class LeafAttribute(string name) : Attribute
{
    /// <summary>The name in files.</summary>
    public string Name { get; } = name;
}

/// <summary>Marks a tensor as a running statistic: saved with the parameters, but neither differentiated nor
/// decayed.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class BufferAttribute : Attribute;
