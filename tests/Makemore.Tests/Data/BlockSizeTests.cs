namespace Makemore.Tests;

public sealed class BlockSizeTests
{
    [Theory]
    [InlineData("ab,abcd,abc", null, 5)]
    [InlineData("ab,abcd,abc", 5, 5)]
    [InlineData("ab,abcd,abc", 16, 16)]
    [InlineData("zoe\u0308,ab", null, 4)]
    public void Of_WordsThatFit_IsTheLongestAndOne(string words, int? given, int expected) =>
        Assert.Equal(expected, BlockSize.Of(Words.Of(words.Split(',')), given).Value());

    [Theory]
    [InlineData(4)]
    [InlineData(0)]
    public void Of_WordTooLong_NamesIt(int given) =>
        Assert.Equal(
            "words: line 2: 'abcd' has 4 characters and does not fit",
            BlockSize.Of(Words.Of("ab", "abcd", "abc"), given).Message());

    [Fact]
    public void Of_DefaultAboveTheLimit_NamesTheWord()
    {
        var (fits, tooLong) = (new string('a', 1023), new string('b', 1024));
        Assert.Equal(1024, BlockSize.Of(Words.Of(fits)).Value());
        Assert.Equal(1025, BlockSize.Of(Words.Of(fits, tooLong), 1025).Value());
        Assert.Equal(
            "words: line 2: 'bbbbbbbbbbbbbbbbbbbb…' has 1024 characters, too many for a default block size",
            BlockSize.Of(Words.Of(fits, tooLong)).Message());
    }
}
