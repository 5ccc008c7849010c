namespace Makemore.Tests;

/// <summary>Random operands on an engine: the same key and shape give the same values on every engine.</summary>
public sealed record Operands(IEngine Engine, Key Key)
{
    /// <summary>Values between −2 and 2; some are zeros of either sign, to cover ties and signs.</summary>
    public Raw Floats(int index, Shape shape) => Engine.FromFloats(Draws(index, shape.Size, Number), shape);

    /// <summary>Values between 0.1 and 4.</summary>
    public Raw Positive(int index, Shape shape) =>
        Engine.FromFloats(Draws(index, shape.Size, word => 0.1f + ((word >> 40) * (3.9f / (1 << 24)))), shape);

    /// <summary>Zeros and ones.</summary>
    public Raw Mask(int index, Shape shape) =>
        Engine.FromFloats(Draws(index, shape.Size, word => word % 5 < 2 ? 0f : 1f), shape);

    /// <summary>Integers in [low, high).</summary>
    public Raw Ints(int index, Shape shape, int low, int high)
    {
        var count = (ulong)(high - low);
        return Engine.FromInts(Draws(index, shape.Size, word => low + (int)((word >> 8) % count)), shape);
    }

    /// <summary>An integer in [0, count).</summary>
    public int Choose(int index, int count) => (int)Key.At(index).Below(count);

    /// <summary>A shape that broadcasts to the given one: some sizes become 1, some outer dimensions are dropped.</summary>
    public Shape Part(int index, Shape shape)
    {
        var sizes = shape.Select((size, axis) => Key.At(index).Below(3, axis) == 0 ? 1 : size).ToArray();
        return [.. sizes.Skip(Choose(index, sizes.Length + 1))];
    }

    private static float Number(ulong word) => (word & 15) switch
    {
        0 => 0f,
        1 => -0f,
        _ => ((((word >> 16) & 0xFFFF) + ((word >> 32) & 0xFFFF) + (word >> 48)) * (4f / 196_605)) - 2f,
    };

    /// <summary>SplitMix64, which is fast enough for large operands: Steele, Lea, Flood: "Fast splittable pseudorandom number
    /// generators", 2014.</summary>
    private T[] Draws<T>(int index, int count, Func<ulong, T> draw)
    {
        var state = Key.At(index).Bits().Item1;
        var values = new T[count];
        for (var i = 0; i < count; i++)
        {
            var word = state += 0x9E3779B97F4A7C15;
            word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9;
            word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
            values[i] = draw(word ^ (word >> 31));
        }
        return values;
    }
}
