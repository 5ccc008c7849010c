namespace Makemore.Tests;

public sealed class KeyTests
{
    private static readonly Key Key = Key.FromSeed(42);

    [Fact]
    public void Keys_DerivedAndDrawn_AreAllDifferent()
    {
        var (first, second) = Key.Split();
        Key[] keys =
        [
            Key, first, second, first.At(0), second.At(0), Key.At(-1), .. Enumerable.Range(2, 1000).Select(i => Key.At(i)),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(keys.Length, keys.Select(key => key.Bits()).Distinct().Count());
        Assert.NotEqual((first.High, first.Low), Key.Bits(0));
    }

    [Fact]
    public void Split_IntoMany_GivesTheKeysByIndex()
    {
        Assert.Equal([Key.At(0), Key.At(1), Key.At(2)], Key.Split(3));
        Assert.Equal(Key.Split(), (Key.Split(3)[0], Key.Split(3)[1]));
    }

    [Fact]
    public void Keys_OfNeighbors_AreNotCorrelated()
    {
        // Each bit of a draw is set in half of the cases: 4,000 draws, standard deviation 31.6.
        var draws = Enumerable.Range(0, 4000).Select(i => Key.At(i).Bits().Item1 ^ Key.At(i + 1).Bits().Item1).ToArray();
        for (var bit = 0; bit < 64; bit++)
            Assert.InRange(draws.Count(word => ((word >> bit) & 1) == 1), 2000 - 160, 2000 + 160);
    }

    [Fact]
    public void Uniforms_StayInTheirRange_AndFillItEvenly()
    {
        var values = Key.Uniforms(100_001, -2, 6);
        Assert.All(values, value => Assert.InRange(value, -2, MathF.BitDecrement(6)));
        Assert.Equal(2, values.Average(), 0.05);
        for (var bin = 0; bin < 8; bin++)
            Assert.InRange(values.Count(value => Math.Floor(value) == bin - 2), 12_500 - 500, 12_500 + 500);
    }

    [Fact]
    public void Uniforms_OfANarrowRange_AreBelowItsUpperEnd() =>
        Assert.All(Key.Uniforms(100, 1000, MathF.BitIncrement(1000)), value => Assert.Equal(1000, value));

    [Fact]
    public void Normals_HaveMeanZero_AndVarianceOne()
    {
        var values = Key.Normals(100_001);
        Assert.Equal(0, values.Average(), 0.015);
        Assert.Equal(1, values.Average(value => value * value), 0.02);
        Assert.Equal(3, values.Average(value => Math.Pow(value, 4)), 0.15);
        Assert.Equal(0, values.Skip(1).Zip(values, (a, b) => a * b).Average(), 0.015);
    }

    [Fact]
    public void Below_GivesEveryNumber_EquallyOften()
    {
        var counts = Enumerable.Range(0, 30_000).CountBy(i => Key.Below(3, i)).ToDictionary();
        Assert.Equal([0, 1, 2], counts.Keys.Order());
        Assert.All(counts.Values, count => Assert.InRange(count, 10_000 - 500, 10_000 + 500));
        Assert.InRange(Key.Below(long.MaxValue), 0, long.MaxValue - 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => Key.Below(0));
    }

    [Fact]
    public void Draws_OfManyAtOnce_EqualSingleDraws()
    {
        const int Count = 3001;
        var (integers, indices) = (new int[Count], Enumerable.Range(0, Count));
        Key.Below(77, integers);
        Assert.Equal(indices.Select(i => (int)Key.Below(77, i)), integers);
        Assert.Throws<ArgumentOutOfRangeException>(() => Key.Below(0, integers));
        var words = indices.SelectMany(i => new[] { Key.Bits(i).Item1, Key.Bits(i).Item2 }).ToArray();
        Assert.Equal(indices.Select(i => (float)((words[i] >> 11) * Math.Pow(2, -53))), Key.Uniforms(Count));
        Assert.Equal(
            indices.Select(i => ((words[i / 4] >> (16 * (i % 4))) & 0xFFFF) < 0.25 * 65536 ? 0 : 1 / 0.75f), Key.Mask(Count, 0.25f));
    }

    /// <summary>The literals are from a second implementation, in Python.</summary>
    [Fact]
    public void Draws_OfAKey_NeverChange()
    {
        Assert.Equal(new Key(0x93D086C020E19A11, 0x94D3F11E26ECE8B9), Key.At(0));
        Assert.Equal((0xBAA25BC42E0A9F2DUL, 0x40BBE5664641316UL), Key.Bits(1));
        Assert.Equal(0.8449312962951291, Key.Uniform());
        Assert.Equal([0.8449313f, 0.5794503f, 0.7290399f], Key.Uniforms(3));
        Assert.Equal([1.0149337f, 0.20048746f, 0.60991186f], Key.Normals(3));
        Assert.Equal(844931, Key.Below(1_000_000));
        Assert.Equal([8, 2, 4, 5, 7, 0, 3, 1, 9, 6], Enumerable.Range(0, 10).Select(i => new Permutation(Key, 10)[i]));
    }
}
