using System.Security.Cryptography;
using System.Text;

namespace Makemore.Tests;

public sealed class NormalizationTests
{
    [Theory]
    [InlineData("zoe\u0308", "zoë")]
    [InlineData("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글")]
    [InlineData("한\u11af", "한\u11af")]
    [InlineData("\u0928\u093C", "\u0929")] // a nukta that composes, and one that never does
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\u212B", "Å")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\uD834\uDD5E", "\uD834\uDD57\uD834\uDD65")]
    [InlineData("漢字かな👩‍👩‍👧", "漢字かな👩‍👩‍👧")]
    public void Compose_Text_IsInFormC(string text, string expected) => Assert.Equal(expected, Normalization.Compose(text));

    // The hash is of Python's results: see generate.py.
    [Fact]
    public void Compose_EveryCharacterBetweenMarks_AgreesWithPython()
    {
        using var forms = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var code = 0; code < 0x110000; code++)
            if (Rune.IsValid(code))
                forms.AppendData(Encoding.UTF8.GetBytes(Normalization.Compose($"a{new Rune(code)}\u0323\u0301{new Rune(code)}\u093C\u11A8\u1161")));
        Assert.Equal(
            "2b553d76d9c5c6f7a7820601f9ece0379484caeb00ab86f607f4baffd565993e", Convert.ToHexStringLower(forms.GetHashAndReset()));
    }
}
