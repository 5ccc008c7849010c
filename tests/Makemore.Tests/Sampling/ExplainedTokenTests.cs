namespace Makemore.Tests;

/// <summary>Explanations of the tokens of a word.</summary>
public sealed class ExplainedTokenTests
{
    [Theory]
    [InlineData(true, 5), InlineData(false, 4)]
    public void Explanation_OfAWord_HasTheProbabilityOfEachTokenAndTheMostLikely(bool isFinished, int tokens)
    {
        var (bigram, table) = Names.Bigram(smoothing: 1);
        var word = Letters.Tokens("emma");
        var explained = ExplainedToken.Of(bigram, table, new(word, isFinished), count: 3).ToArray();
        Assert.Equal(((int[])[.. word, 0]).Take(tokens), explained.Select(token => token.Token));
        var rows = Primitives.Softmax(table.Logits).ToArray();
        var V = Names.Corpus.Vocabulary.Size;
        for (var t = 0; t < tokens; t++)
        {
            var row = rows.AsSpan((t == 0 ? 0 : word[t - 1]) * V, V).ToArray();
            Assert.Equal(row[explained[t].Token], explained[t].Probability, 1e-6);
            Assert.Equal(row.OrderDescending().Take(3), explained[t].Likeliest.Select(likely => likely.Probability), Near);
            Assert.All(explained[t].Likeliest, likely => Assert.Equal(row[likely.Token], likely.Probability, 1e-6));
        }

        static bool Near(float a, float b) => Math.Abs(a - b) < 1e-6;
    }
}
