using System.Collections.Immutable;

namespace Makemore;

/// <summary>A result inside a forward pass.</summary>
/// <param name="Name">Its name: that of the weights it is computed with, such as <c>transformer.h.0.attn.c_attn</c>, or of the weights
/// before it and its operation, <c>transformer.h.0.attn.c_attn.softmax</c>. The second of the same name ends in <c>:2</c>.</param>
/// <param name="Operation">The operation: the name of its function in <see cref="Primitives"/>.</param>
/// <param name="Operands">The names of the results that it is computed from.</param>
/// <param name="Value">The value, or its gradient.</param>
public sealed record Activation(string Name, string Operation, ImmutableArray<string> Operands, Tensor Value)
{
    /// <summary>The ids of what a table was looked up at.</summary>
    internal Tensor? Ids { get; init; }
}

/// <summary>A forward pass, with all that is computed on the way.</summary>
/// <param name="Logits">The logits (B, T, V).</param>
/// <param name="Activations">The results, in the order in which they are computed.</param>
public sealed record LensRun(Tensor Logits, ImmutableArray<Activation> Activations)
{
    private readonly Lazy<Dictionary<string, Activation>> _byName =
        new(() => Activations.ToDictionary(activation => activation.Name, StringComparer.Ordinal));

    /// <summary>The value of an activation.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public Tensor this[string name] => Find(name).Value;

    /// <summary>An activation.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public Activation Find(string name) => _byName.Value.GetValueOrDefault(name) ?? throw Lens.Unknown(name);

    /// <summary>The attention heads: those whose weights (B, nh, T, T) or (B, T, T) are the result of an operation whose name ends in
    /// Softmax, with rows that add up to 1 and nothing in the future. Empty if the model has no attention.</summary>
    public ImmutableArray<AttentionHead> Heads() =>
    [
        .. Activations.Where(IsAttention).SelectMany((weights, layer) =>
            Enumerable.Range(0, weights.Value.Shape[..^2].Size / weights.Value.Shape[0])
                .Select(head => new AttentionHead(layer, head, weights.Name, OutputOf(weights)))),
    ];

    /// <summary>The residual stream: the sum that each layer adds something to, from the embedding to the last layer. Empty if the
    /// model has none, or a single layer's sum is all there is.</summary>
    public ImmutableArray<string> Stream()
    {
        var stream = ImmutableArray.CreateBuilder<string>();
        for (var sum = Activations.LastOrDefault(IsSum); sum is not null; sum = Before(sum))
            stream.Insert(0, sum.Name);
        return stream.Count < 3 ? [] : stream.ToImmutable();
    }

    /// <summary>What a sum adds to: of two results of the same shape, the one that was there first.</summary>
    private Activation? Before(Activation sum) => IsSum(sum) ? sum.Operands.Select(Find).MinBy(Activations.IndexOf) : null;

    private bool IsSum(Activation activation) => activation is { Operation: "Add", Operands.Length: 2 }
        && activation.Value.Shape.Rank > 2
        && activation.Operands.All(operand => Find(operand).Value.Shape == activation.Value.Shape);

    private string? OutputOf(Activation weights) => Activations
        .FirstOrDefault(other => other.Operation == "MatMul" && other.Operands.Contains(weights.Name))?.Name;

    private static bool IsAttention(Activation activation)
    {
        var (shape, length) = (activation.Value.Shape, activation.Value.Shape.Rank > 1 ? activation.Value.Shape[^1] : 0);
        return activation.Operation.EndsWith("Softmax", StringComparison.Ordinal)
            && shape.Rank is 3 or 4 && shape[^2] == length
            && activation.Value.ToArray().Chunk(length).Select((row, i) => AttentionHead.IsRow(row, i % length)).All(isRow => isRow);
    }
}
