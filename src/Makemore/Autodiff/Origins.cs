namespace Makemore;

/// <summary>Where a traced result comes from.</summary>
/// <param name="Name">Its name, which no other result of the computation has.</param>
/// <param name="Operands">The names of the results that it is computed from.</param>
/// <param name="Weights">If it is computed from leaves alone, such as a transposed weight, their names; null if it depends on the
/// input.</param>
/// <param name="Sources">The weights of the nearest linear maps, products and embeddings that it depends on.</param>
/// <param name="Module">The weights that were applied last.</param>
/// <param name="Order">When they were applied.</param>
internal sealed record Origin(
    string Name, string[] Operands, string[]? Weights, string[] Sources, string Module, int Order);

/// <summary>Names the traced results of a computation by the weights that they are computed with, so that no model has to expose what
/// is inside it.</summary>
/// <remarks>What weights are applied to gets their name: <c>h.0.attn.c_attn</c>. What is computed from that has the name of the
/// operation after it: <c>h.0.attn.c_attn.softmax</c>; the second of the same name is <c>….softmax:2</c>.</remarks>
internal sealed class Origins
{
    private readonly Dictionary<Tensor, Origin> _known = [];
    private readonly Dictionary<string, int> _count = new(StringComparer.Ordinal);

    /// <summary>Those of a computation from some leaves.</summary>
    public Origins(IReadOnlyList<Leaf> leaves)
    {
        foreach (var leaf in leaves)
            _known[leaf.Value] = new("", [], [leaf.ShortName], [], leaf.ShortName, -1);
    }

    /// <summary>The parameters as leaves of a graph whose tape is that of a region.</summary>
    public static P Trace<P>(P p, Region region) => Tree.Map(p, tensor => new Tensor(tensor.Raw, region, LeafNode.Instance));

    /// <summary>The origin of each result on a tape, in its order.</summary>
    public static IEnumerable<(Tensor Result, Origin Origin)> Of(List<Tensor> tape, IReadOnlyList<Leaf> leaves)
    {
        var origins = new Origins(leaves);
        return tape.Where(tensor => tensor.Node is not LeafNode).Select(tensor => (tensor, origins.Add(tensor)));
    }

    /// <summary>The origin of a result whose operands are known.</summary>
    public Origin Add(Tensor result)
    {
        var node = result.Node!;
        Origin[] operands = [.. node.Operands.Select(operand => _known.GetValueOrDefault(operand)).OfType<Origin>()];
        var isMap = node.Operation is "LinearMap" or "MatMul" or "Gather";
        var own = operands.FirstOrDefault(operand => operand.Weights is not null);
        var isFixed = operands.All(operand => operand.Weights is not null);
        // Weights are applied by a map, or by another operation on what depends on the input, such as a normalization.
        var isApplied = own is not null && (isMap || !isFixed);
        var last = isApplied ? own! : operands.MaxBy(operand => operand.Order)!;
        var name = isApplied ? last.Module : $"{last.Module}.{node.Operation.ToLowerInvariant()}";
        return _known[result] = new(
            Unique(name),
            [.. operands.Select(operand => operand.Name).Where(operand => operand.Length > 0)],
            isMap || !isFixed ? null : Merged(operands.Select(operand => operand.Weights!)),
            isMap && own is not null ? own.Weights! : Merged(operands.Select(operand => operand.Sources)),
            last.Module, isApplied ? _known.Count : last.Order);
    }

    /// <summary>Another tensor takes the place of a result.</summary>
    public void Replace(Tensor result, Tensor other) => _known[other] = _known[result];

    private string Unique(string name)
    {
        var count = _count[name] = _count.GetValueOrDefault(name) + 1;
        return count == 1 ? name : $"{name}:{count}";
    }

    private static string[] Merged(IEnumerable<string[]> all) => [.. all.SelectMany(some => some).Distinct().Order(StringComparer.Ordinal)];
}
