namespace Makemore.Tests;

public sealed class VisibleTests
{
    [Theory]
    [InlineData("emma", "emma", "emma")]
    [InlineData("anna maria", "anna␣maria", "anna maria")]
    [InlineData("a\u001b[2J\u0007\u007f", "a␛[2J␇␡", "a␛[2J␇␡")]
    [InlineData("a\tb\r\nc", "a␉b␍␊c", "a\tb␍␊c")]
    [InlineData("\u0085\u2028\u202eabc", "<U+0085><U+2028><U+202E>abc", "<U+0085><U+2028><U+202E>abc")]
    [InlineData("a\u00a0\u200b\u3164", "a<U+00A0><U+200B><U+3164>", "a\u00a0<U+200B>\u3164")]
    [InlineData("👩‍👩‍👧‍👦👍🏽🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👩‍👩‍👧‍👦👍🏽🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👩‍👩‍👧‍👦👍🏽🏴󠁧󠁢󠁥󠁮󠁧󠁿")]
    [InlineData("می‌خواهم", "می‌خواهم", "می‌خواهم")]
    [InlineData("\u0301a\u0301", "◌\u0301a\u0301", "◌\u0301a\u0301")]
    public void Text_WithInvisibleCharacters_HasSignsForThem(string text, string word, string line)
    {
        Assert.Equal(word, Visible.Word(text));
        Assert.Equal(line, Visible.Line(text));
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData(" ", "U+0020 SPACE")]
    [InlineData("\u200b", "U+200B ZERO WIDTH SPACE")]
    [InlineData("\u001b", "U+001B ESCAPE")]
    [InlineData("\u0001", "U+0001 (control character)")]
    [InlineData("\u2003", "U+2003 (invisible)")]
    public void Name_OfACharacter_SaysWhatCannotBeSeen(string element, string expected) =>
        Assert.Equal(expected, Visible.Name(element));
}
