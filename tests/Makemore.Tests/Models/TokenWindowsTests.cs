namespace Makemore.Tests;

/// <summary>Windows over the last tokens at each position.</summary>
public sealed class TokenWindowsTests
{
    private static readonly Tensor Ids = Tensor.Of([1, 2, 3, 4, 5, 6], [2, 3]);

    [Fact]
    public void Of_ThreeTokens_AreNewestFirstWithBlanksBeforeTheStart()
    {
        var windows = Windows.Of(Ids, 3, blank: 9);
        Assert.Equal([2, 3, 3], windows.Shape);
        Assert.Equal([1, 9, 9, 2, 1, 9, 3, 2, 1, 4, 9, 9, 5, 4, 9, 6, 5, 4], windows.ToInts());
    }

    [Fact]
    public void Of_OneToken_IsTheToken()
    {
        var windows = Windows.Of(Ids, 1, blank: 9);
        Assert.Equal([2, 3, 1], windows.Shape);
        Assert.Equal(Ids.ToInts(), windows.ToInts());
    }

    [Fact]
    public void Of_NoTokens_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => Windows.Of(Ids, 0, blank: 9));

    [Theory, InlineData(1), InlineData(3)]
    public void Push_TokenByToken_GivesTheSameWindows(int n)
    {
        var (whole, window) = (Windows.Of(Ids, n, blank: 9), Windows.Blank(2, n, 9, Ids.Engine));
        for (var t = 0; t < 3; t++)
        {
            window = Windows.Push(window, Ids.At(1, t));
            Assert.Equal(whole.At(1, t).ToInts(), window.ToInts());
        }
    }
}
