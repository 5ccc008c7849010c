namespace Makemore;

/// <summary>
/// Rotary positions: turns pairs of a query's or key's elements by angles that grow with its position, so that their product
/// depends on how far apart they are: Su, Lu, Pan, Murtadha, Wen, Liu: "RoFormer: enhanced transformer with rotary position
/// embedding", 2021, equation 34.
/// </summary>
/// <remarks>Element i of the first half pairs with element i of the second half, as in LLaMA; at position t the pair turns by t ·
/// base^(−2i / C).</remarks>
public static class Rotary
{
    /// <summary>(…, T, C) → (…, T, C): the vectors of positions start, start + 1, …, turned.</summary>
    /// <exception cref="ArgumentException">C is odd, or there are fewer than two dimensions.</exception>
    public static Tensor Turn(Tensor x, int start = 0, double @base = 10000)
    {
        if (x.Shape.Rank < 2 || x.Shape[^1] % 2 != 0)
            throw new ArgumentException($"Rotary: {x.Shape} is not (…, T, C) with an even C.");
        var half = x.Shape[^1] / 2;
        var rates = Enumerable.Range(0, half).Select(i => (float)DoubleFunctions.Exp(-DoubleFunctions.Log(@base) * i / half));
        var positions = Tensor.Range(start, start + x.Shape[^2], 1, x.Engine).Reshape([-1, 1]);
        var angles = positions * Tensor.Of([.. rates], [half], x.Engine);                           // (T, C/2)
        var (cos, sin) = (Primitives.Cos(angles), Primitives.Sin(angles));                          // 2 × (T, C/2)
        var halves = x.Split(-1, 2);                                                                // 2 × (…, T, C/2)
        return Primitives.Concat(
            -1, (halves[0] * cos) - (halves[1] * sin), (halves[1] * cos) + (halves[0] * sin));      // (…, T, C)
    }
}
