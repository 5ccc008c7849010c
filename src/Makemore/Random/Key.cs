namespace Makemore;

/// <summary>
/// A source of randomness as a value: the same key gives the same numbers, always. There is no generator to carry
/// along; new keys are derived from old ones by <see cref="At"/> and <see cref="Split"/>.
/// </summary>
/// <remarks>
/// Claessen, Palka: "Splittable pseudorandom number generators using cryptographic hashing", 2013, with Threefry-2x64 as
/// the hash. A key is used once, either to draw numbers or to derive keys; both at once is safe too, because the two
/// read different counters.
/// </remarks>
public readonly record struct Key(ulong High, ulong Low)
{
    private const ulong Derive = 1, Draw = 2;

    /// <summary>The key of a seed that a person chose.</summary>
    public static Key FromSeed(long seed) => new(0, unchecked((ulong)seed));

    /// <summary>The <paramref name="index"/>-th key derived from this one; different indices are independent.</summary>
    public Key At(long index)
    {
        var (high, low) = Threefry.Block((High, Low), (unchecked((ulong)index), Derive));
        return new(high, low);
    }

    /// <summary>Two independent keys.</summary>
    public (Key First, Key Second) Split() => (At(0), At(1));

    /// <summary>The <paramref name="index"/>-th pair of random 64-bit words of this key.</summary>
    public (ulong, ulong) Bits(long index = 0) => Threefry.Block((High, Low), (unchecked((ulong)index), Draw));

    /// <summary>A number uniform in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double Uniform(long index = 0) => ToUnit(Bits(index).Item1);

    /// <summary>An integer uniform in [0, <paramref name="count"/>), by multiplication and shift; the bias is below
    /// count · 2⁻⁶⁴.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not positive.</exception>
    public long Below(long count, long index = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return (long)Math.BigMul(Bits(index).Item1, (ulong)count, out _);
    }

    /// <summary><paramref name="count"/> numbers uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public float[] Uniforms(int count, float low = 0, float high = 1) =>
        Draws(count, word => Math.Min((float)(low + ((high - low) * ToUnit(word))), MathF.BitDecrement(high)));

    /// <summary><paramref name="count"/> normally distributed numbers of mean 0 and standard deviation 1.</summary>
    public float[] Normals(int count) => Draws(count, word => (float)NormalQuantile.At(ToOpenUnit(word)));

    /// <summary><paramref name="count"/> numbers that are 0 with probability <paramref name="rate"/>, a multiple of 2⁻¹⁶,
    /// and else 1 / (1 − rate).</summary>
    public float[] Mask(int count, float rate)
    {
        const int PerWord = 4, PerPair = 2 * PerWord;
        var (bound, kept, values) = ((ulong)(rate * 65536), 1 / (1 - rate), new float[count]);
        for (var i = 0; i < count; i += PerPair)
        {
            var (first, second) = Bits(i / PerPair);
            for (var j = i; j < Math.Min(count, i + PerPair); j++)
            {
                var word = j - i < PerWord ? first : second;
                values[j] = ((word >> (16 * (j % PerWord))) & 0xFFFF) < bound ? 0 : kept;
            }
        }
        return values;
    }

    private float[] Draws(int count, Func<ulong, float> draw)
    {
        var values = new float[count];
        for (var i = 0; i < count; i += 2)
        {
            var (first, second) = Bits(i / 2);
            values[i] = draw(first);
            if (i + 1 < count)
                values[i + 1] = draw(second);
        }
        return values;
    }

    private static double ToUnit(ulong word) => (word >> 11) * (1.0 / (1UL << 53));

    private static double ToOpenUnit(ulong word) => ((word >> 12) + 0.5) * (1.0 / (1UL << 52));
}
