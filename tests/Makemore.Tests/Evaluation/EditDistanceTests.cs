namespace Makemore.Tests;

/// <summary>Edit distances on known pairs, and the search for the nearest word against looking at each.</summary>
public sealed class EditDistanceTests
{
    [Theory]
    [InlineData("kitten", "sitting", 3), InlineData("", "abc", 3), InlineData("abc", "", 3), InlineData("abc", "abc", 0)]
    [InlineData("ab", "ba", 2), InlineData("emma", "gemma", 1), InlineData("saturday", "sunday", 3)]
    public void Distance_OfAKnownPair_IsKnown(string first, string second, int distance) =>
        Assert.Equal(distance, EditDistance.Between(Letters.Tokens(first), Letters.Tokens(second)));

    [Theory]
    [InlineData(0), InlineData(1), InlineData(2), InlineData(3), InlineData(5)]
    public void Nearest_OfRandomWords_IsTheLeastDistanceUpToTheLimit(int limit)
    {
        var words = Enumerable.Range(0, 300).Select(Word).ToArray();
        var trie = new WordTrie(words[..200]);
        Assert.All(words[200..].Append([]), word => Assert.Equal(
            Math.Min(limit, words[..200].Min(other => EditDistance.Between(word, other))), trie.Nearest(word, limit)));

        static int[] Word(int i) =>
            [.. Enumerable.Range(1, 1 + (int)Key.FromSeed(i).Below(8)).Select(t => 1 + (int)Key.FromSeed(i).Below(3, t))];
    }

    [Theory, InlineData(1), InlineData(3), InlineData(4), InlineData(5)]
    public void Nearest_OfLongWords_IsTheLeastDistanceUpToTheLimit(int limit)
    {
        int[][] words = [[], .. Enumerable.Range(0, 24).Select(i => Long(i, 0))];
        var trie = new WordTrie(words);
        Assert.All(Enumerable.Range(0, 48), i =>
        {
            var word = Long(i / 2, edits: i);
            Assert.Equal(Math.Min(limit, words.Min(other => EditDistance.Between(word, other))), trie.Nearest(word, limit));
        });

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
    public void Nearest_OfWordsOfManyTokens_IsTheLeastDistanceUpToTheLimit(int kinds, int length)
    {
        var words = Enumerable.Range(0, 200).Select(Word).ToArray();
        var trie = new WordTrie(words);
        Assert.All(Enumerable.Range(0, 60), i =>
        {
            int[] word = [.. words[i]];
            for (var e = 0; e < i % 5; e++)
                word[(int)Key.FromSeed(e).Below(length, i)] = e;
            Assert.Equal(Math.Min(5, words.Min(other => EditDistance.Between(word, other))), trie.Nearest(word, 5));
        });

        int[] Word(int i) => [.. Enumerable.Range(0, length).Select(t => 1 + (int)Key.FromSeed(i).Below(kinds, t))];
    }

    [Fact]
    public void Nearest_OfNoWords_IsTheLimit()
    {
        Assert.Equal(3, new WordTrie([]).Nearest([], 3));
        Assert.Equal(2, new WordTrie([]).Nearest([1, 2, 3], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WordTrie([]).Nearest([1], WordTrie.MaxEdits + 2));
    }

    [Fact]
    public void NearestWords_OfWords_CountsThemByDistance()
    {
        var nearest = NearestWords.Of(Letters.Words("emma", "emma", "ema", "zzzzzzzz"), new([Letters.Tokens("emma")]));
        Assert.Equal([2, 1, 0, 1], nearest.Counts);
        Assert.Equal(0.75, nearest.ShareWithin(1));
        var many = Enumerable.Range(0, 700).SelectMany(_ => Letters.Words("emma", "ema", "zzzzzzzz"));
        Assert.Equal([700, 700, 0, 700], NearestWords.Of(many, new([Letters.Tokens("emma")])).Counts);
    }
}
