namespace Makemore;

/// <summary>A tensor of a tree with its name.</summary>
/// <param name="Name">The path to it, as <c>transformer.h.0.attn.c_attn.weight</c>.</param>
/// <param name="Value">The tensor.</param>
/// <param name="IsBuffer">Whether it is a buffer, such as a running statistic: saved, but neither differentiated nor decayed.</param>
public sealed record Leaf(string Name, Tensor Value, bool IsBuffer = false)
{
    private const string Weight = ".weight";

    /// <summary>Whether it is a table of vectors to look up, such as an embedding, which some optimizers treat unlike other
    /// matrices.</summary>
    public bool IsTable { get; init; }

    /// <summary>The name for people, who know that most leaves are weights: <c>mlp.0</c> for <c>mlp.0.weight</c>.</summary>
    public string ShortName => Shorten(Name);

    /// <summary>A leaf's name without the ending <c>.weight</c>.</summary>
    public static string Shorten(string name) =>
        name.EndsWith(Weight, StringComparison.Ordinal) ? name[..^Weight.Length] : name;
}

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

/// <summary>Marks a tensor as a table of vectors to look up.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TableAttribute : Attribute;
