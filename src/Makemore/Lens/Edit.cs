namespace Makemore;

/// <summary>A change of one activation. What is computed from it is computed from the result.</summary>
/// <param name="Name">The name of the activation.</param>
/// <param name="Change">Its value → another one of the same shape.</param>
public sealed record Edit(string Name, Func<Tensor, Tensor> Change)
{
    /// <summary>Zeros instead of an activation.</summary>
    public static Edit Zero(string name) => new(name, x => x * 0);

    /// <summary>Zeros instead of one index of a dimension, such as one head or one unit.</summary>
    /// <exception cref="ArgumentException">There is no such dimension or index, when the edit is applied.</exception>
    public static Edit Zero(string name, int axis, int index) => new(name, x =>
    {
        var along = x.Shape.Axis("Edit.Zero", axis);
        if (index < 0 || index >= x.Shape[along])
            throw new ArgumentException($"Edit.Zero: {name} is {x.Shape} and has no index {index} in dimension {along}.");
        var mask = Enumerable.Repeat(1f, x.Shape[along]).ToArray();
        mask[index] = 0;
        return x * Tensor.Of(mask, [mask.Length, .. Enumerable.Repeat(1, x.Shape.Rank - 1 - along)], x.Engine);
    });

    /// <summary>A value from elsewhere, such as the same activation on another word: activation patching (Meng et al.: "Locating and
    /// editing factual associations in GPT", 2022, https://arxiv.org/abs/2202.05262).</summary>
    public static Edit Replace(string name, Tensor value) => new(name, _ => value);

    /// <summary>A direction added to an activation at each position: activation steering (Turner et al.: "Steering language models
    /// with activation engineering", 2023, https://arxiv.org/abs/2308.10248).</summary>
    public static Edit Add(string name, Tensor direction) => new(name, x => x + direction);
}
