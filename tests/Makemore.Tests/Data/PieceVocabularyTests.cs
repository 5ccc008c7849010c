namespace Makemore.Tests;

/// <summary>Vocabularies of bytes and byte pairs.</summary>
public sealed class PieceVocabularyTests
{
    private static readonly Vocabulary Pieces = Vocabulary.Of(BytePairs.Learn(["anna", "ann", "année"], 2));

    [Fact]
    public void Encode_Word_IsItsTokensAfterTheStop()
    {
        Assert.Equal(259, Pieces.Size);
        Assert.Equal([258, 257], Pieces.Encode("annan").Value());
        Assert.Equal("ann · a", string.Join(" · ", Pieces.Encode("anna").Value().Select(Pieces.Show)));
    }

    [Theory, InlineData("zoë"), InlineData("👩‍👩‍👧‍👦"), InlineData(""), InlineData("한글")]
    public void Decode_OfAnyWord_IsTheWord(string word)
    {
        var tokens = Pieces.Encode(word).Value();
        Assert.Equal(word, Pieces.Decode([.. tokens, Vocabulary.Stop, 5]));
        Assert.Equal(System.Text.Encoding.UTF8.GetByteCount(word) + 1, tokens.Append(Vocabulary.Stop).Sum(Pieces.ByteCount));
        Assert.True(tokens.Length <= Pieces.MaxTokens(word.Length));
    }

    [Theory, InlineData("zoë", "zoe\u0308"), InlineData("한글", "\u1112\u1161\u11ab\u1100\u1173\u11af\uFEFF")]
    public void Encode_TextInAnotherForm_IsAsItIsRead(string word, string text) =>
        Assert.Equal(Pieces.Encode(word).Value(), Pieces.Encode(text).Value());

    [Fact]
    public void Show_PartOfACharacter_IsItsBytes()
    {
        Assert.Equal("<C3> <AB> ␣ ␊ ∎", string.Join(' ', Pieces.Encode("ë \n").Value().Append(Vocabulary.Stop).Select(Pieces.Show)));
        Assert.Equal("\uFFFD", Pieces.Decode([0xC3 + 1]));
    }

    /// <summary>As in GPT-2's vocab.json.</summary>
    [Fact]
    public void Elements_Bytes_AreWrittenAsInGpt2() =>
        Assert.Equal("Ġ Ċ a ÿ ł Ń", string.Join(' ', new[] { ' ', '\n', 'a', 0xFF, 0xA0, 0xAD }.Select(value => Pieces.Elements[value])));

    [Fact]
    public void Canonical_OfOtherPieces_IsTheEncodedWord() =>
        Assert.Equal(Pieces.Encode("anna").Value(), Pieces.Canonical([.. "anna".Select(letter => letter + 1)]));

    [Fact]
    public void Translate_ToCharacters_LeavesOutWhatTheyLack()
    {
        var characters = Vocabulary.Of(Words.Of("anné"));
        Assert.Equal("1 2 2 3 True", Translated("anné"));
        Assert.Equal("1 2 False", Translated("axn"));

        string Translated(string word) => Pieces.Translate(Pieces.Encode(word).Value(), characters) is var (tokens, isWhole)
            ? $"{string.Join(' ', tokens)} {isWhole}"
            : "";
    }

    [Fact]
    public void Equals_OtherMerges_IsFalse()
    {
        Assert.Equal(Pieces, Vocabulary.Of(BytePairs.FromMerges(Pieces.Pairs!.Merges).Value()));
        Assert.NotEqual(Pieces, Vocabulary.Of(BytePairs.None));
    }

    [Theory]
    [InlineData("characters", null), InlineData("bytes", 257), InlineData("bpe:300", 300)]
    public void Parse_Kind_IsShownTheSame(string text, int? size)
    {
        var kind = TokenKind.Parse(text).Value();
        Assert.Equal((text, size), (kind.ToString(), kind.Size));
    }

    [Theory, InlineData("bpe:257"), InlineData("bpe"), InlineData("bpe:1e3"), InlineData("Bytes"), InlineData("")]
    public void Parse_NoKind_SaysWhatToGive(string text) => Assert.Equal(
        "give characters, bytes, or bpe:N for a vocabulary of N tokens, more than the 257 of bytes", TokenKind.Parse(text).Message());

    [Fact]
    public void Of_TooManyPairs_SaysHowManyThereAre()
    {
        var words = Words.Of("anna", "annabel", "x");
        Assert.Equal(
            "300 tokens cannot be learned from the training words: no pair occurs twice once there are 260",
            TokenKind.Parse("bpe:300").Bind(kind => kind.Of(words, words)).Message());
    }
}
