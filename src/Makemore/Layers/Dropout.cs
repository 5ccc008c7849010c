namespace Makemore;

/// <summary>
/// Sets elements to 0 at random in training and scales the others up to keep the mean: Srivastava, Hinton, Krizhevsky,
/// Sutskever, Salakhutdinov: "Dropout", 2014, in its inverted form. Evaluation uses <see cref="None"/>.
/// </summary>
/// <param name="Rate">The fraction of elements dropped.</param>
/// <param name="Key">The randomness of one step; every place in the model derives its own from it.</param>
public sealed record Dropout(float Rate, Key Key)
{
    /// <summary>Drops nothing, for evaluation and sampling.</summary>
    public static Dropout None { get; } = new(0, default);

    /// <summary>Dropout for one place in the model; different places drop different elements.</summary>
    public Dropout At(int place) => this with { Key = Key.At(place) };

    /// <summary>(…) → (…): each element becomes 0, or itself / (1 − rate).</summary>
    public Tensor Forward(Tensor x) => Rate == 0
        ? x
        : x * Tensor.Of(Key.Mask(x.Shape.Size, Rate), x.Shape, x.Engine);
}
