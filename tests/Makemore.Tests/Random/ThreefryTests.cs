using System.Globalization;

namespace Makemore.Tests;

public sealed class ThreefryTests
{
    /// <summary>The lines "threefry2x64 20" of tests/kat_vectors in Random123: counter, key, result.</summary>
    [Theory]
    [InlineData("0000000000000000 0000000000000000", "0000000000000000 0000000000000000", "c2b6e3a8c2c69865 6f81ed42f350084d")]
    [InlineData("ffffffffffffffff ffffffffffffffff", "ffffffffffffffff ffffffffffffffff", "e02cb7c4d95d277a d06633d0893b8b68")]
    [InlineData("243f6a8885a308d3 13198a2e03707344", "a4093822299f31d0 082efa98ec4e6c89", "263c7d30bb0f0af1 56be8361d3311526")]
    public void Block_OfPublishedVectors_GivesTheirResults(string counter, string key, string result) =>
        Assert.Equal(Words(result), Threefry.Block(Words(key), Words(counter)));

    private static (ulong, ulong) Words(string text)
    {
        var words = text.Split(' ');
        return (ulong.Parse(words[0], NumberStyles.HexNumber), ulong.Parse(words[1], NumberStyles.HexNumber));
    }
}
