using System.Globalization;

namespace Makemore.Tests;

public sealed class DataLinesTests
{
    [Theory]
    [InlineData(12, 0, 0, "data: 12 words (12 distinct), 10 train, 2 test; no test word is also in train")]
    [InlineData(12, 0, 1, "data: 12 words (12 distinct), 10 train, 2 test; "
        + "1 test word (50.0 %) is also in train: --deduplicate removes them")]
    [InlineData(12, 1, 2, "data: 12 words (12 distinct), 10 train, 1 validation, 2 test; "
        + "2 test words (100.0 %) are also in train: --deduplicate removes them")]
    [InlineData(null, 0, 2, "data: 12 words, 10 train, 2 test; "
        + "2 test words (100.0 %) are also in train: use a file of distinct words")]
    [InlineData(null, 0, null, "data: 12 words, 10 train, 2 test; "
        + "with more than 1000000 test words, overlap with train is not counted")]
    public void Of_AnySplit_IsOneLine(int? distinct, int validation, int? leaked, string expected) =>
        Assert.Equal(expected, DataLines.OfSplit(new(12, distinct, 10, validation, 2, leaked)));

    [Theory]
    [InlineData("ab", "a b")]
    [InlineData("a b\u200B\u0301", "a b ◌\u0301; invisible: U+0020 SPACE, U+200B ZERO WIDTH SPACE")]
    public void Characters_OfWords_ShowsOrNamesEach(string word, string expected) =>
        Assert.Equal(expected, DataLines.Characters(Vocabulary.Of(Words.Of(word))));

    [Fact]
    public void Characters_OfThousands_AreTheFirstAndACount() => Assert.EndsWith(
        " … and 1900 more", DataLines.Characters(Vocabulary.Of(Words.Of(string.Concat(Enumerable.Range(0x4E00, 2000).Select(unit => (char)unit))))));

    [Fact]
    public void Of_CultureWithDecimalComma_UsesAPoint()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            Assert.Contains("(50.0 %)", DataLines.OfSplit(new(12, 12, 10, 0, 2, 1)));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
