using FsCheck;
using FsCheck.Fluent;

namespace Makemore.Tests;

/// <summary>Random shapes and keys for properties of operations.</summary>
internal static class Shapes
{
    // Around the vector widths and their multiples, to cover whole vectors and remainders.
    private static readonly int[] Sizes = [1, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 40];

    /// <summary>Up to four dimensions and 4,000 elements.</summary>
    public static Arbitrary<(Shape Shape, Key Key)> Any { get; } = (
        from rank in Gen.Choose(0, 4)
        from sizes in Gen.Elements(Sizes).ArrayOf(rank)
        from seed in Gen.Choose(0, int.MaxValue)
        select (Shape.Create(Small(sizes)), Key.FromSeed(seed))).ToArbitrary();

    private static int[] Small(int[] sizes)
    {
        for (var i = 0; sizes.Aggregate(1, (size, length) => size * length) > 4000; i++)
            sizes[i] = 1 + (sizes[i] % 3);
        return sizes;
    }
}
