namespace Makemore.Tests;

/// <summary>The search for the nearest word, on known pairs and compared with a naive search.</summary>
public sealed class WordTrieTests
{
    [Theory]
    [InlineData("kitten", "sitting", 3), InlineData("", "abc", 3), InlineData("abc", "", 3), InlineData("abc", "abc", 0)]
    [InlineData("ab", "ba", 2), InlineData("emma", "gemma", 1), InlineData("saturday", "sunday", 3), InlineData("ab", "cdefgh", 6)]
    public void Nearest_OfOneWord_IsTheEditDistance(string first, string second, int distance)
    {
        Assert.Equal(distance, EditDistance(Letters.Tokens(first), Letters.Tokens(second)));
        Assert.Equal(distance, new WordTrie([Letters.Tokens(first)]).Nearest(Letters.Tokens(second), 9));
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(2), InlineData(3), InlineData(5)]
    public void Nearest_OfRandomWords_IsTheMinimumUpToTheLimit(int limit)
    {
        var words = Enumerable.Range(0, 300).Select(Word).ToArray();
        AssertNearest(words[..200], words[200..].Append([]), limit);

        static int[] Word(int i) =>
            [.. Enumerable.Range(1, 1 + (int)Key.FromSeed(i).Below(8)).Select(t => 1 + (int)Key.FromSeed(i).Below(3, t))];
    }

    [Theory, InlineData(1), InlineData(3), InlineData(5), InlineData(WordTrie.MaxLimit)]
    public void Nearest_OfLongWords_IsTheMinimumUpToTheLimit(int limit)
    {
        int[][] words = [[], .. Enumerable.Range(0, 24).Select(i => Long(i, 0))];
        AssertNearest(words, Enumerable.Range(0, 48).Select(i => Long(i / 2, edits: i)), limit);

        static int[] Long(int i, int edits)
        {
            List<int> word = [.. Enumerable.Range(0, 4 * i).Select(t => 1 + (int)Key.FromSeed(i).Below(4, t))];
            for (var e = 0; e < edits && word.Count > 0; e++)
                word.RemoveAt((int)Key.FromSeed(edits).Below(word.Count, e));
            return [.. word, .. Enumerable.Repeat(5, edits % 3)];
        }
    }

    [Theory]
    [InlineData(100, 8), InlineData(1000, 8), InlineData(6, 300)]
    public void Nearest_OfWordsOfManyTokens_IsTheMinimumUpToTheLimit(int vocabulary, int length)
    {
        var words = Enumerable.Range(0, 60).Select(Word).ToArray();
        AssertNearest(words, Enumerable.Range(0, 30).Select(i => Edited(words[i], i)), limit: 5);

        int[] Word(int i) => [.. Enumerable.Range(0, length).Select(t => 1 + (int)Key.FromSeed(i).Below(vocabulary, t))];

        int[] Edited(int[] word, int i)
        {
            int[] edited = [.. word];
            for (var e = 0; e < i % 5; e++)
                edited[(int)Key.FromSeed(e).Below(length, i)] = e;
            return edited;
        }
    }

    [Fact]
    public void Nearest_OfNoWords_IsTheLimit()
    {
        Assert.Equal(3, new WordTrie([]).Nearest([], 3));
        Assert.Equal(2, new WordTrie([]).Nearest([1, 2, 3], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WordTrie([]).Nearest([1], -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WordTrie([]).Nearest([1], WordTrie.MaxLimit + 1));
    }

    [Fact]
    public void NearestWords_OfWords_CountsThemByDistance()
    {
        int[][] words = [Letters.Tokens("emma"), Letters.Tokens("emma"), Letters.Tokens("ema"), Letters.Tokens("zzzzzzzz")];
        var emma = new WordTrie([Letters.Tokens("emma")]);
        var nearest = NearestWords.Of(words, emma);
        Assert.Equal([2, 1, 0, 1], nearest.Counts);
        Assert.Equal(0.75, nearest.ShareWithin(1));
        Assert.Equal([1400, 700, 0, 700], NearestWords.Of(Enumerable.Repeat(words, 700).SelectMany(all => all), emma).Counts);
    }

    private static void AssertNearest(int[][] words, IEnumerable<int[]> queries, int limit)
    {
        var trie = new WordTrie(words);
        Assert.All(queries, query => Assert.Equal(
            Math.Min(limit, words.Min(word => EditDistance(word, query))), trie.Nearest(query, limit)));
    }

    /// <summary>By the definition over prefixes, in a full table.</summary>
    private static int EditDistance(int[] first, int[] second)
    {
        var distances = new int[first.Length + 1, second.Length + 1];
        for (var i = 0; i <= first.Length; i++)
            for (var j = 0; j <= second.Length; j++)
                distances[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(
                        Math.Min(distances[i - 1, j], distances[i, j - 1]) + 1,
                        distances[i - 1, j - 1] + (first[i - 1] == second[j - 1] ? 0 : 1));
        return distances[first.Length, second.Length];
    }
}
