namespace Makemore;

/// <summary>
/// Sets elements to 0 at random in training, and scales the others up so that the mean stays: Srivastava, Hinton,
/// Krizhevsky, Sutskever, Salakhutdinov: "Dropout", 2014, in its inverted form. In evaluation there is none.
/// </summary>
/// <param name="Rate">The share of elements that are dropped.</param>
/// <param name="Key">The randomness of one step; each place in the model derives its own.</param>
public sealed record Dropout(float Rate, Key Key)
{
    /// <summary>Drops nothing: evaluation and sampling.</summary>
    public static Dropout None { get; } = new(0, default);

    /// <summary>Dropout for one place in the model; different places drop different elements.</summary>
    public Dropout At(int place) => this with { Key = Key.At(place) };

    /// <summary>(…) → (…): each element is 0, or itself over 1 − rate.</summary>
    public Tensor Forward(Tensor x) => Rate == 0
        ? x
        : x * Tensor.Of(Key.Mask(x.Shape.Size, Rate), x.Shape, x.Engine);
}
