namespace Makemore;

/// <summary>The contents of a safetensors file.</summary>
/// <param name="Leaves">The named tensors, in the order of the header.</param>
/// <param name="Metadata">The metadata.</param>
public sealed record TensorFile(IReadOnlyList<Leaf> Leaves, IReadOnlyDictionary<string, string> Metadata);
