namespace Makemore;

/// <summary>A size that may depend on the number of sequences: fixed + perSequence · B.</summary>
/// <param name="Fixed">What does not depend on it.</param>
/// <param name="PerSequence">What each sequence adds.</param>
internal readonly record struct Extent(int Fixed, int PerSequence)
{
    /// <summary>The numbers of sequences that sizes are known for. Two determine an extent, the third confirms it.</summary>
    public static readonly int[] Batches = [2, 3, 5];

    /// <summary>Whether it is the same for any number of sequences.</summary>
    public bool IsFixed => PerSequence == 0;

    /// <summary>A size that does not depend on it.</summary>
    public static implicit operator Extent(int value) => new(value, 0);

    /// <summary>The sum.</summary>
    public static Extent operator +(Extent a, Extent b) => new(a.Fixed + b.Fixed, a.PerSequence + b.PerSequence);

    /// <summary>The difference.</summary>
    public static Extent operator -(Extent a, Extent b) => new(a.Fixed - b.Fixed, a.PerSequence - b.PerSequence);

    /// <summary>The extent that has given values for <see cref="Batches"/>.</summary>
    /// <exception cref="NotWritableException">There is none.</exception>
    public static Extent Of(int[] values)
    {
        var perSequence = (values[1] - values[0]) / (Batches[1] - Batches[0]);
        var extent = new Extent(values[0] - (perSequence * Batches[0]), perSequence);
        return values.Select((value, i) => value == extent.Fixed + (perSequence * Batches[i])).All(fits => fits)
            ? extent
            : throw new NotWritableException("its forward pass has sizes that are not proportional to the number of sequences");
    }
}
