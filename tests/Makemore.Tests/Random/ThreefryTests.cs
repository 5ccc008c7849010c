using System.Globalization;

namespace Makemore.Tests;

public sealed class ThreefryTests
{
    /// <summary>The lines "threefry2x64 20" of tests/kat_vectors in Random123: counter, key, result.</summary>
    [Theory]
    [InlineData("0000000000000000 0000000000000000", "0000000000000000 0000000000000000", "c2b6e3a8c2c69865 6f81ed42f350084d")]
    [InlineData("ffffffffffffffff ffffffffffffffff", "ffffffffffffffff ffffffffffffffff", "e02cb7c4d95d277a d06633d0893b8b68")]
    [InlineData("243f6a8885a308d3 13198a2e03707344", "a4093822299f31d0 082efa98ec4e6c89", "263c7d30bb0f0af1 56be8361d3311526")]
    public void Block_OfPublishedVectors_HasTheirResults(string counter, string key, string result) =>
        Assert.Equal(Words(result), Threefry.Block(Words(key), Words(counter)));

    [Fact]
    public void Blocks_EqualSingleBlocks()
    {
        var counters = Enumerable.Range(0, 37).Select(i => Threefry.Block((7, 8), ((ulong)i, 9)).Item1).ToArray();
        ulong[] first = new ulong[37], second = new ulong[37];
        Threefry.Blocks((ulong.MaxValue, 3), counters, 5, first, second);
        Assert.Equal(counters.Select(counter => Threefry.Block((ulong.MaxValue, 3), (counter, 5))), first.Zip(second));
    }

    private static (ulong, ulong) Words(string text)
    {
        var words = text.Split(' ');
        return (ulong.Parse(words[0], NumberStyles.HexNumber), ulong.Parse(words[1], NumberStyles.HexNumber));
    }
}
