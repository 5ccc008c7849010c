using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>
/// A source of randomness as a value: the same key always gives the same numbers. There is no generator to pass around; new
/// keys are derived from old ones by <see cref="At"/> and <see cref="Split()"/>.
/// </summary>
/// <remarks>
/// Claessen, Palka: "Splittable pseudorandom number generators using cryptographic hashing", 2013, with Threefry-2x64 as
/// the hash. Use a key once, either to draw numbers or to derive keys. Both at once is safe too, because the two read different
/// counters.
/// </remarks>
public readonly record struct Key(ulong High, ulong Low)
{
    /// <summary>The seed of runs that are not given one, as in makemore.py.</summary>
    public const int DefaultSeed = 3407;

    private const ulong Derive = 1, Draw = 2;

    /// <summary>The key of a seed that a user chose.</summary>
    public static Key FromSeed(long seed) => new(0, unchecked((ulong)seed));

    /// <summary>The key that a run with this seed has for a purpose.</summary>
    public static Key FromSeed(long seed, Purpose purpose) => FromSeed(seed).At((long)purpose);

    /// <summary>The <paramref name="index"/>-th key derived from this one; keys of different indices are independent.</summary>
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

    /// <summary>The first word of the pair at each index.</summary>
    internal void Bits(ReadOnlySpan<ulong> indices, Span<ulong> words) =>
        Threefry.Blocks((High, Low), indices, Draw, words, []);

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

    /// <summary>The integers <see cref="Below(long, long)"/> at index 0, 1, …</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not positive.</exception>
    public void Below(int count, Span<int> integers)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var words = new WordStream(this);
        for (var i = 0; i < integers.Length; i++)
        {
            integers[i] = (int)Below(words.Next(), count);
            _ = words.Next();
        }
    }

    private static long Below(ulong word, long count) => (long)Math.BigMul(word, (ulong)count, out _);

    /// <summary><paramref name="count"/> numbers uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public float[] Uniforms(int count, float low = 0, float high = 1) =>
        Draws(count, word => Math.Min((float)(low + ((high - low) * ToUnit(word))), MathF.BitDecrement(high)));

    /// <summary><paramref name="count"/> normally distributed numbers of mean 0 and standard deviation 1.</summary>
    public float[] Normals(int count) => Draws(count, word => (float)NormalQuantile.At(ToOpenUnit(word)));

    /// <summary><paramref name="count"/> numbers that are 0 with probability <paramref name="rate"/>, a multiple of 2⁻¹⁶,
    /// and 1 / (1 − rate) otherwise.</summary>
    public float[] Mask(int count, float rate)
    {
        const int PerWord = 4;
        var (bound, kept, values, words) = ((ulong)(rate * 65536), 1 / (1 - rate), new float[count], new WordStream(this));
        for (var start = 0; start < count; start += PerWord)
        {
            var word = words.Next();
            for (var i = start; i < Math.Min(count, start + PerWord); i++, word >>= 16)
                values[i] = (word & 0xFFFF) < bound ? 0 : kept;
        }
        return values;
    }

    private float[] Draws(int count, Func<ulong, float> draw)
    {
        var (values, words) = (new float[count], new WordStream(this));
        for (var i = 0; i < count; i++)
            values[i] = draw(words.Next());
        return values;
    }

    private static double ToUnit(ulong word) => (word >> 11) * (1.0 / (1UL << 53));

    private static double ToOpenUnit(ulong word) => ((word >> 12) + 0.5) * (1.0 / (1UL << 52));

    /// <summary>The random words of a key, pair by pair; many pairs are computed at once.</summary>
    private struct WordStream(Key key)
    {
        private const int Pairs = 128;

        private WordBuffer _first, _second;
        private int _next = 2 * Pairs;
        private ulong _index;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ulong Next()
        {
            if (_next == 2 * Pairs)
                Fill();
            var pair = _next / 2;
            return _next++ % 2 == 0 ? _first[pair] : _second[pair];
        }

        private void Fill()
        {
            Span<ulong> indices = stackalloc ulong[Pairs];
            for (var i = 0; i < Pairs; i++)
                indices[i] = _index++;
            Threefry.Blocks((key.High, key.Low), indices, Draw, _first, _second);
            _next = 0;
        }

        [InlineArray(Pairs)]
        private struct WordBuffer
        {
            private ulong _word;
        }
    }
}
