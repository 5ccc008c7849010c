namespace Makemore;

/// <summary>Reads the tape of a model's operations, so that no model has to expose what is inside it.</summary>
internal static class Tape
{
    /// <summary>The parameters as leaves of a graph whose tape is that of a region.</summary>
    public static P Trace<P>(P p, Region region) => Tree.Map(p, tensor => new Tensor(tensor.Raw, region, LeafNode.Instance));

    /// <summary>For each tensor on a tape, the weights of the nearest linear maps, products and embeddings that it depends
    /// on.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="leaves">The leaves of the traced parameters.</param>
    public static string[][] Sources(List<Tensor> tape, IReadOnlyList<Leaf> leaves)
    {
        var names = leaves.ToDictionary(leaf => leaf.Value.TapeIndex, leaf => leaf.ShortName);
        // Of what is computed from leaves alone, such as a transposed weight, the leaves; null for what depends on the input.
        var (weights, sources) = (new string[]?[tape.Count], new string[tape.Count][]);
        foreach (var tensor in tape)
        {
            var (i, operands) = (
                tensor.TapeIndex, tensor.Node!.Operands.Select(operand => operand.TapeIndex).Where(index => index >= 0).ToArray());
            var isMap = tensor.Node.Operation is "LinearMap" or "MatMul" or "Gather";
            weights[i] = names.TryGetValue(i, out var name) ? [name]
                : isMap || operands.Any(operand => weights[operand] is null) ? null
                : Merged(operands.Select(operand => weights[operand]!));
            sources[i] = isMap && operands.Select(operand => weights[operand]).FirstOrDefault(own => own is not null) is { } own
                ? own
                : Merged(operands.Select(operand => sources[operand]));
        }
        return sources;

        static string[] Merged(IEnumerable<string[]> all) => [.. all.SelectMany(some => some).Distinct().Order(StringComparer.Ordinal)];
    }
}
