namespace Makemore;

public static partial class Primitives
{
    /// <summary>
    /// Einstein's sum: each operand's dimensions have labels, elements that agree in all labels are multiplied, and what has no
    /// label in the result is summed. <c>Einsum("btd,bsd->bts", q, k)</c> is q kᵀ. Without an arrow the result has the labels
    /// that occur once, in alphabetical order.
    /// </summary>
    /// <remarks>Two operands at a time, from the left, each pair by one <see cref="MatMul"/>. As in NumPy's einsum, without
    /// ellipses, without diagonals (a label twice in one operand) and without broadcasting of size 1.</remarks>
    /// <param name="labels">The operands' labels, separated by commas, an arrow and the result's labels; a label is a
    /// letter.</param>
    /// <param name="operands">Tensors with one dimension for each of their labels.</param>
    /// <exception cref="ArgumentException">The labels cannot be read or do not fit the shapes.</exception>
    public static Tensor Einsum(string labels, params Tensor[] operands)
    {
        var (inputs, output) = EinsumLabels.Parse(labels, operands);
        var (product, own) = (operands[0], inputs[0]);
        for (var i = 1; i < operands.Length; i++)
        {
            var needed = string.Concat(inputs[(i + 1)..]) + output;
            (product, own) = Contract(product, own, operands[i], inputs[i], needed);
        }
        return Arranged(product, own, output);
    }

    /// <summary>The product of two operands, summed over the labels that are not needed any more.</summary>
    private static (Tensor Product, string Labels) Contract(Tensor a, string labelsA, Tensor b, string labelsB, string needed)
    {
        var shared = labelsA.Where(labelsB.Contains).ToArray();
        var batch = string.Concat(shared.Where(needed.Contains));
        var inner = string.Concat(shared.Except(needed));
        var (rows, columns) = (Own(labelsA), Own(labelsB));
        var (x, y) = (Arranged(a, labelsA, batch + rows + inner), Arranged(b, labelsB, batch + inner + columns));
        var (start, sizes) = (batch.Length, x.Shape[..batch.Length]);
        var product = MatMul(
            x.Reshape([.. sizes, x.Shape[start..(start + rows.Length)].Size, x.Shape[(start + rows.Length)..].Size]),
            y.Reshape([.. sizes, y.Shape[start..(start + inner.Length)].Size, y.Shape[(start + inner.Length)..].Size]));
        return (
            product.Reshape([.. x.Shape[..(start + rows.Length)], .. y.Shape[(start + inner.Length)..]]), batch + rows + columns);

        string Own(string labels) => string.Concat(labels.Except(shared).Where(needed.Contains));
    }

    /// <summary>The dimensions in the order of some labels, summed over the others.</summary>
    private static Tensor Arranged(Tensor x, string labels, string order)
    {
        int[] summed = [.. labels.Index().Where(at => !order.Contains(at.Item)).Select(at => at.Index)];
        var left = string.Concat(labels.Where(order.Contains));
        var sum = summed.Length == 0 ? x : Sum(x, summed);
        return sum.Permute([.. order.Select(label => left.IndexOf(label))]);
    }
}

/// <summary>The labels of <see cref="Primitives.Einsum"/>.</summary>
internal static class EinsumLabels
{
    /// <summary>The labels of each operand and of the result, which fit the shapes.</summary>
    /// <exception cref="ArgumentException">They cannot be read, or do not fit.</exception>
    public static (string[] Inputs, string Output) Parse(string labels, Tensor[] operands)
    {
        var sides = labels.Replace(" ", "", StringComparison.Ordinal).Split("->");
        var inputs = sides[0].Split(',');
        var output = sides.Length > 1 ? sides[1] : Once(sides[0]);
        if (Problem(sides, inputs, output, operands) is { } problem)
            throw new ArgumentException($"Einsum '{labels}': {problem}");
        return (inputs, output);
    }

    private static string Once(string inputs) => string.Concat(
        from label in inputs
        where char.IsAsciiLetter(label)
        group label by label into same
        where same.Count() == 1
        orderby same.Key
        select same.Key);

    private static string? Problem(string[] sides, string[] inputs, string output, Tensor[] operands)
    {
        if (sides.Length > 2 || !inputs.Append(output).All(part => part.All(char.IsAsciiLetter)))
            return "labels are letters, as in 'ij,jk->ik'.";
        if (inputs.Length != operands.Length)
            return $"there are labels for {inputs.Length} operands, but {operands.Length} are given.";
        if (inputs.Append(output).FirstOrDefault(part => part.Distinct().Count() < part.Length) is { } twice)
            return $"a label occurs twice in '{twice}'.";
        if (output.Except(string.Concat(inputs)).Select(label => (char?)label).FirstOrDefault() is { } unknown)
            return $"label {unknown} of the result is in no operand.";
        for (var i = 0; i < inputs.Length; i++)
            if (inputs[i].Length != operands[i].Shape.Rank)
                return $"'{inputs[i]}' does not fit {operands[i].Shape}, which has {operands[i].Shape.Rank} dimensions.";
        return SizeProblem(inputs, operands);
    }

    private static string? SizeProblem(string[] inputs, Tensor[] operands)
    {
        var sizes = new Dictionary<char, (int Size, Shape Shape)>();
        foreach (var (labels, shape) in inputs.Zip(operands, (labels, operand) => (labels, operand.Shape)))
            foreach (var (axis, label) in labels.Index())
                if (!sizes.TryAdd(label, (shape[axis], shape)) && sizes[label].Size != shape[axis])
                    return $"label {label} is {sizes[label].Size} in {sizes[label].Shape} and {shape[axis]} in {shape}.";
        return null;
    }
}
