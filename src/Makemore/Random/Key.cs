namespace Makemore;

/// <summary>
/// A source of randomness as a value: the same key gives the same numbers, always. There is no generator to carry
/// along; new keys are derived from old ones by <see cref="At"/> and <see cref="Split()"/>.
/// </summary>
/// <remarks>
/// Claessen, Palka: "Splittable pseudorandom number generators using cryptographic hashing", 2013, with Threefry-2x64 as
/// the hash. A key is used once, either to draw numbers or to derive keys; both at once is safe too, because the two
/// read different counters.
/// </remarks>
public readonly record struct Key(ulong High, ulong Low)
{
    private const ulong Derive = 1, Draw = 2;

    // How many pairs of random words are drawn at once.
    private const int Chunk = 128;

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

    /// <summary>Independent keys: <c>At(0)</c>, <c>At(1)</c>, …</summary>
    public Key[] Split(int count)
    {
        var key = this;
        return [.. Enumerable.Range(0, count).Select(i => key.At(i))];
    }

    /// <summary>The <paramref name="index"/>-th pair of random 64-bit words of this key.</summary>
    public (ulong, ulong) Bits(long index = 0) => Threefry.Block((High, Low), (unchecked((ulong)index), Draw));

    /// <summary>The first of the pair of random words at each index, for as many as there are.</summary>
    internal void Bits(ReadOnlySpan<ulong> indices, Span<ulong> words)
    {
        Span<ulong> seconds = stackalloc ulong[Chunk];
        for (var i = 0; i < indices.Length; i += Chunk)
            Threefry.Blocks((High, Low), indices.Slice(i, Math.Min(Chunk, indices.Length - i)), Draw, words[i..], seconds);
    }

    /// <summary>A number uniform in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double Uniform(long index = 0) => ToUnit(Bits(index).Item1);

    /// <summary>An integer uniform in [0, <paramref name="count"/>), by multiplication and shift; the bias is below
    /// count · 2⁻⁶⁴.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not positive.</exception>
    public long Below(long count, long index = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return Below(Bits(index).Item1, count);
    }

    /// <summary>At each place i the integer <see cref="Below(long, long)"/> for index i.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not positive.</exception>
    public void Below(int count, Span<int> integers)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Span<ulong> first = stackalloc ulong[Chunk], second = stackalloc ulong[Chunk];
        for (var start = 0; start < integers.Length; start += Chunk)
        {
            Pairs(start, first, second);
            for (var i = start; i < Math.Min(integers.Length, start + Chunk); i++)
                integers[i] = (int)Below(first[i - start], count);
        }
    }

    private static long Below(ulong word, long count) => (long)Math.BigMul(word, (ulong)count, out _);

    /// <summary>The pairs of random words from an index on.</summary>
    private void Pairs(int from, Span<ulong> first, Span<ulong> second)
    {
        Span<ulong> indices = stackalloc ulong[Chunk];
        for (var i = 0; i < Chunk; i++)
            indices[i] = (ulong)(from + i);
        Threefry.Blocks((High, Low), indices, Draw, first, second);
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
        Span<ulong> first = stackalloc ulong[Chunk], second = stackalloc ulong[Chunk];
        for (var i = 0; i < count; i++)
        {
            var (pair, part) = (i / PerPair % Chunk, i % PerPair);
            if (pair == 0 && part == 0)
                Pairs(i / PerPair, first, second);
            var word = part < PerWord ? first[pair] : second[pair];
            values[i] = ((word >> (16 * (part % PerWord))) & 0xFFFF) < bound ? 0 : kept;
        }
        return values;
    }

    private float[] Draws(int count, Func<ulong, float> draw)
    {
        var values = new float[count];
        Span<ulong> first = stackalloc ulong[Chunk], second = stackalloc ulong[Chunk];
        for (var i = 0; i < count; i++)
        {
            var pair = i / 2 % Chunk;
            if (pair == 0 && i % 2 == 0)
                Pairs(i / 2, first, second);
            values[i] = draw(i % 2 == 0 ? first[pair] : second[pair]);
        }
        return values;
    }

    private static double ToUnit(ulong word) => (word >> 11) * (1.0 / (1UL << 53));

    private static double ToOpenUnit(ulong word) => ((word >> 12) + 0.5) * (1.0 / (1UL << 52));
}
