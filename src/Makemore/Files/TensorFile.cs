namespace Makemore;

/// <summary>What a safetensors file holds.</summary>
/// <param name="Leaves">The tensors by name, in the order of the header.</param>
/// <param name="Metadata">Text by name.</param>
public sealed record TensorFile(IReadOnlyList<Leaf> Leaves, IReadOnlyDictionary<string, string> Metadata);
