namespace Makemore;

/// <summary>Primitives of one's own: a value and its pullback, the rule that propagates a cotangent, the gradient of the loss
/// with respect to the result, to the operands.</summary>
/// <remarks>Value and pullback get tensors without a graph, so neither traces anything. <c>GradientCheck.MaxError</c> compares
/// the pullback with finite differences.</remarks>
public static class Primitive
{
    /// <summary>A primitive of one tensor.</summary>
    /// <param name="value">x → y.</param>
    /// <param name="pullback">The cotangent of y, x and y → the cotangent of x, in its shape.</param>
    /// <param name="name">The name in messages.</param>
    public static Func<Tensor, Tensor> Define(
        Func<Tensor, Tensor> value, Func<Tensor, Tensor, Tensor, Tensor> pullback, string name = "Primitive") =>
        x => Apply(name, [x], operands => value(operands[0]), (g, operands, y) => [pullback(g, operands[0], y)]);

    /// <summary>A primitive of two tensors.</summary>
    /// <param name="value">a, b → y.</param>
    /// <param name="pullback">The cotangent of y, a, b and y → the cotangents of a and b, in their shapes; null for an operand
    /// without a gradient, such as integers.</param>
    /// <param name="name">The name in messages.</param>
    public static Func<Tensor, Tensor, Tensor> Define(
        Func<Tensor, Tensor, Tensor> value, Func<Tensor, Tensor, Tensor, Tensor, (Tensor? A, Tensor? B)> pullback,
        string name = "Primitive") => (a, b) => Apply(
            name, [a, b], operands => value(operands[0], operands[1]),
            (g, operands, y) => pullback(g, operands[0], operands[1], y) is var (forA, forB) ? [forA, forB] : []);

    /// <summary>A primitive of any number of tensors.</summary>
    /// <param name="value">The operands → y.</param>
    /// <param name="pullback">The cotangent of y, the operands and y → the cotangent of each operand, in its shape; null for one
    /// without a gradient.</param>
    /// <param name="name">The name in messages.</param>
    public static Func<Tensor[], Tensor> DefineMany(
        Func<Tensor[], Tensor> value, Func<Tensor, Tensor[], Tensor, Tensor?[]> pullback, string name = "Primitive") =>
        operands => Apply(name, operands, value, pullback);

    private static Tensor Apply(
        string name, Tensor[] operands, Func<Tensor[], Tensor> value, Func<Tensor, Tensor[], Tensor, Tensor?[]> pullback)
    {
        var region = Primitives.Innermost(operands);
        var y = Own(value(Array.ConvertAll(operands, x => x.Detach())));
        return Primitives.Record(operands, y, new DefinedNode(name, operands, pullback));

        // A value may be an operand, or a constant of the caller's: their buffers stay theirs.
        Raw Own(Tensor result) =>
            ReferenceEquals(result.Raw.Storage.Owner, region)
            && !operands.Any(x => ReferenceEquals(x.Raw.Storage, result.Raw.Storage))
                ? result.Raw
                : Copy(result);
    }

    private static Raw Copy(Tensor x) => x.Engine.Convert(x.Raw, x.Type);

    private sealed class DefinedNode(
        string name, Tensor[] operands, Func<Tensor, Tensor[], Tensor, Tensor?[]> pullback) : Node(name)
    {
        public override IReadOnlyList<Tensor> Operands => operands;

        public override void Pull(Tensor cotangent, Tensor result, Cotangents cotangents)
        {
            var contributions = pullback(cotangent, Array.ConvertAll(operands, x => x.Detach()), result.Detach());
            if (contributions.Length != operands.Length)
                throw new ArgumentException(
                    $"{Operation}: the pullback gives {contributions.Length} cotangents for {operands.Length} operands.");
            for (var i = 0; i < operands.Length; i++)
                if (contributions[i] is { } contribution && cotangents.Includes(operands[i]))
                    cotangents.Add(operands[i], Owned(contribution, operands[i], cotangent));
        }

        /// <summary>Cotangents are recycled as soon as they are pulled, so what is added must be the cotangent itself or a buffer
        /// that nothing else refers to.</summary>
        private Tensor Owned(Tensor contribution, Tensor operand, Tensor cotangent)
        {
            if (contribution.Shape != operand.Shape)
                throw new ArgumentException(
                    $"{Operation}: the pullback gives {contribution.Shape} for an operand of shape {operand.Shape}.");
            _ = Primitives.EngineOf($"{Operation}, pullback", operand, contribution);
            _ = contribution.Expect($"{Operation}, pullback", operand.Type);
            return Primitives.Flat(
                cotangent.Region,
                ReferenceEquals(contribution.Raw.Storage, cotangent.Raw.Storage) ? contribution.Raw : Copy(contribution));
        }
    }
}
