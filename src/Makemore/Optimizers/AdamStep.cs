namespace Makemore;

/// <summary>A step of Adam on one parameter, fused into one operation of the engine. No gradient flows through it.</summary>
internal static class AdamStep
{
    /// <summary>The new moments and the update u, from the gradient g and the moments m and v; all of one shape.</summary>
    public static (Tensor M, Tensor V, Tensor Update) Adam(Tensor g, Tensor m, Tensor v, AdamCoefficients adam) =>
        Run("Adam", [g, m, v], x => g.Engine.Adam(x[0], x[1], x[2], adam));

    /// <summary>As <see cref="Adam"/>, with decoupled weight decay and the learning rate applied to the update:
    /// −rate (u + decay p).</summary>
    public static (Tensor M, Tensor V, Tensor Update) AdamW(
        Tensor g, Tensor m, Tensor v, Tensor p, AdamCoefficients adam, float decay, float rate) =>
        Run("AdamW", [g, m, v, p], x => g.Engine.AdamW(x[0], x[1], x[2], x[3], adam, decay, rate));

    private static (Tensor M, Tensor V, Tensor Update) Run(
        string operation, Tensor[] operands, Func<Raw[], (Raw M, Raw V, Raw Update)> step)
    {
        var gradient = operands[0];
        foreach (var operand in operands)
        {
            if (operand.Shape != gradient.Shape)
                throw new ArgumentException($"{operation}: shapes differ, gradient {gradient.Shape} and {operand.Shape}.");
            _ = Primitives.EngineOf(operation, gradient, operand);
        }
        var region = Primitives.Innermost(operands);
        var (m, v, update) = step(Array.ConvertAll(operands, x => x.Expect(operation, ElementType.Float32)));
        return (Primitives.Flat(region, m), Primitives.Flat(region, v), Primitives.Flat(region, update));
    }
}
