using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Makemore.Tests;

public sealed class VocabularyTests
{
    [Fact]
    public void Of_Words_IsTheirSortedSetAfterTheStop()
    {
        var vocabulary = Vocabulary.Of(Words.Of("banana", "Zoë", "ab.c"));
        Assert.Equal(". Z a b c n o ë", string.Join(' ', vocabulary.Elements));
        Assert.Equal(9, vocabulary.Size);
        Assert.Equal("∎", vocabulary.Show(Vocabulary.Stop));
        Assert.Equal([3, 4, 1, 5], vocabulary.Encode("ab.c").Value());
    }

    [Theory]
    [InlineData("emma", 4)]
    [InlineData("zoe\u0308", 3)]
    [InlineData("👩‍👩‍👧‍👦👍🏽", 2)]
    [InlineData("e\u0301a", 2)]
    [InlineData("각", 1)]
    [InlineData("żółw", 4)]
    public void Encode_TextElements_AreOneTokenEach(string word, int tokens)
    {
        var vocabulary = Vocabulary.Of(Words.Of(word));
        Assert.Equal(tokens, vocabulary.Encode(word).Value().Length);
        Assert.Equal(word, vocabulary.Decode(vocabulary.Encode(word).Value()));
    }

    [Theory]
    [InlineData("zoë", "zoe\u0308")]
    [InlineData("zoe\u0308", "zoe\u0308")]
    [InlineData("한글", "\u1112\u1161\u11ab\uFEFF")]
    public void Encode_TextInAnotherForm_FindsItsTokens(string word, string text) =>
        Assert.True(Vocabulary.Of(Words.Of(word)).Encode(text).IsRight);

    [Theory]
    [InlineData("ab", ".")]
    [InlineData("a.", "∎")]
    [InlineData("a.∎", "<stop>")]
    public void StopSign_IsNoCharacterOfTheWords(string word, string expected) =>
        Assert.Equal(expected, Vocabulary.Of(Words.Of(word)).Show(Vocabulary.Stop));

    [Fact]
    public void Encode_AnyText_SplitsLikeTheFramework() =>
        Prop.ForAll<NonEmptyString>(text =>
        {
            var vocabulary = Vocabulary.Of(Words.Of(text.Get));
            var tokens = vocabulary.Encode(text.Get).Value();
            return vocabulary.Decode(tokens) == text.Get
                && tokens.Length == new StringInfo(text.Get).LengthInTextElements
                && TextElements.Count(text.Get) == tokens.Length;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void First_EveryLatinPair_IsAsLongAsInTheFramework()
    {
        for (var a = '\0'; a < 0x310; a++)
            for (var b = '\0'; b < 0x310; b++)
                if (TextElements.First([a, b]) != StringInfo.GetNextTextElementLength([a, b]))
                    Assert.Fail($"U+{(int)a:X4} U+{(int)b:X4}");
    }

    [Fact]
    public void Encode_Unknown_NamesWordAndCharacter() =>
        Assert.Equal(
            "'annotated' has 'o', which is not in the vocabulary",
            Vocabulary.Of(Words.Of("anted")).Encode("annotated").Message());

    [Fact]
    public void Decode_Tokens_EndsAtTheFirstStop()
    {
        var vocabulary = Vocabulary.Of(Words.Of("abc"));
        Assert.Equal("ab", vocabulary.Decode([1, 2, 0, 3]));
        Assert.Equal("", vocabulary.Decode([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => vocabulary.Decode([4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => vocabulary.Decode([-1]));
    }

    [Fact]
    public void FromElements_OwnElements_IsEqual()
    {
        var vocabulary = Vocabulary.Of(Words.Of("zoë", "👍🏽"));
        var again = Vocabulary.FromElements(vocabulary.Elements).Value();
        Assert.Equal(vocabulary, again);
        Assert.Equal(vocabulary.GetHashCode(), again.GetHashCode());
        Assert.NotEqual(vocabulary, Vocabulary.Of(Words.Of("zoé", "👍🏽")));
    }

    [Theory]
    [InlineData("a,b,a", "the vocabulary has 'a' twice")]
    [InlineData("a,bc", "the vocabulary's 'bc' is not one character")]
    [InlineData("a,", "the vocabulary's '' is not one character")]
    public void FromElements_Damaged_IsOneFault(string elements, string expected) =>
        Assert.Equal(expected, Vocabulary.FromElements(elements.Split(',')).Message());
}
