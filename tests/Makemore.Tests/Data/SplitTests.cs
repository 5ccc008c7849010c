using System.Globalization;

namespace Makemore.Tests;

public sealed class SplitTests
{
    private static readonly Key Seed = Key.FromSeed(3407);

    [Theory]
    [InlineData(2, null, 1, 0, 1)]
    [InlineData(19, null, 18, 0, 1)]
    [InlineData(20, null, 18, 0, 2)]
    [InlineData(32_868, null, 31_868, 0, 1000)]
    [InlineData(2, "90/10", 1, 0, 1)]
    [InlineData(3, "80/10/10", 1, 1, 1)]
    [InlineData(105, "80/10/10", 85, 10, 10)]
    [InlineData(1000, "99.5/0.5", 995, 0, 5)]
    public void Of_Words_GivesPartsOfTheseSizes(int count, string? shares, int train, int validation, int test)
    {
        var split = Split.Of(Numbers(count), Seed, Shares(shares)).Value();
        Assert.Equal((train, validation, test), (split.Train.Count, split.Validation.Count, split.Test.Count));
        var all = split.Train.All().Concat(split.Validation.All()).Concat(split.Test.All()).ToArray();
        Assert.Equal(Numbers(count).All().Order(), all.Order());
    }

    [Fact]
    public void Of_EqualKeys_EqualSplits()
    {
        Assert.Equal(Train(Seed), Train(Seed));
        Assert.NotEqual(Train(Seed), Train(Seed.At(1)));
        Assert.NotEqual(Numbers(90).All(), Train(Seed));

        static IEnumerable<string> Train(Key key) => Split.Of(Numbers(100), key).Value().Train.All();
    }

    [Fact]
    public void Of_Views_KeepSourceAndLine()
    {
        var test = Split.Of(Numbers(50), Seed).Value().Test;
        Assert.Equal("words", test.Source);
        Assert.All(Enumerable.Range(0, 5), i => Assert.Equal(test[i], $"{test.Line(i) - 1}"));
        Assert.Throws<ArgumentOutOfRangeException>(() => test[5]);
        Assert.Throws<ArgumentOutOfRangeException>(() => test[-1]);
    }

    [Theory]
    [InlineData(1, null, "words: 1 word is too few to split; train and test need at least one each")]
    [InlineData(2, "80/10/10",
        "words: 2 words are too few to split; train, validation and test need at least one each")]
    public void Of_TooFewWords_IsOneFault(int count, string? shares, string expected) =>
        Assert.Equal(expected, Split.Of(Numbers(count), Seed, Shares(shares)).Message());

    [Theory]
    [InlineData("80/10/10", 80, 10, 10)]
    [InlineData("90/10", 90, 0, 10)]
    [InlineData("99.5/0.5", 99.5, 0, 0.5)]
    public void Parse_Shares_AreRead(string text, double train, double validation, double test) =>
        Assert.Equal(
            new SplitShares((decimal)train, (decimal)validation, (decimal)test),
            SplitShares.Parse(text).Value());

    [Theory]
    [InlineData("")]
    [InlineData("100")]
    [InlineData("100/0")]
    [InlineData("80/10")]
    [InlineData("80/10/5/5")]
    [InlineData("110/-10")]
    [InlineData("a/b/c")]
    [InlineData("NaN/10")]
    [InlineData("79228162514264337593543950335/79228162514264337593543950335")]
    public void Parse_OtherText_IsOneFault(string text) =>
        Assert.Equal(
            "give shares above 0 that add up to 100, such as 80/10/10 or 90/10",
            SplitShares.Parse(text).Message());

    [Fact]
    public void Report_Leakage_CountsTestWordsInTrain()
    {
        var words = Words.Of("a", "b", "a", "c", "c", "c", "d", "d");
        var split = new Split(Words.Of("a", "b", "c"), Words.Of("d"), Words.Of("a", "c", "c", "d"));
        Assert.Equal(new SplitReport(8, 4, 3, 1, 4, 3), SplitReport.Of(words, split));
    }

    [Fact]
    public void Parse_DecimalComma_ChangesNothing()
    {
        var culture = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.NumberGroupSeparator) = (",", ".");
        try
        {
            CultureInfo.CurrentCulture = comma;
            Assert.Equal(0.5m, SplitShares.Parse("99.5/0.5").Value().Test);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Report_AnySplit_AgreesWithANaiveCount()
    {
        var words = Words.Of([.. Enumerable.Range(0, 500).Select(i => $"{i * i % 217}")]);
        var split = Split.Of(words, Seed, Shares("60/20/20")).Value();
        var train = split.Train.All().ToHashSet();
        Assert.Equal(split.Test.All().Count(train.Contains), SplitReport.Of(words, split).Leaked);
    }

    private static Words Numbers(int count) => Words.Of([.. Enumerable.Range(0, count).Select(i => $"{i}")]);

    private static SplitShares? Shares(string? text) => text is null ? null : SplitShares.Parse(text).Value();
}
