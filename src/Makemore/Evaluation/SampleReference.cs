namespace Makemore;

/// <summary>What samples are held against: the words that the model learned from and the ones it did not.</summary>
public sealed class SampleReference
{
    /// <summary>How many words of each part are looked at. Parts are in a random order; where one is larger, its first so
    /// many words stand for it, and shares of samples that are found in it are then of these alone.</summary>
    public const int MaxWords = 200_000;

    private SampleReference(Sample[] train, Sample[] held)
    {
        Learned = Distinct(train);
        Unseen = Distinct(held.Where(word => !Learned.Contains(word.Tokens)));
        Trie = new(Learned);
        Lengths = LengthDistribution.Of(train);
        Runs = NGramRuns.OfAll(train);
        HeldNearest = NearestWords.Of(held, Trie);
    }

    /// <summary>The different training words.</summary>
    internal HashSet<IReadOnlyList<int>> Learned { get; }

    /// <summary>The different held-out words that are not training words.</summary>
    internal HashSet<IReadOnlyList<int>> Unseen { get; }

    /// <summary>The training words, for finding the nearest.</summary>
    public WordTrie Trie { get; }

    /// <summary>How long the training words are.</summary>
    public LengthDistribution Lengths { get; }

    /// <summary>The runs of 1, 2, … tokens of the training words.</summary>
    internal IReadOnlyList<NGramRuns> Runs { get; }

    /// <summary>How near the held-out words are to the training words: what samples no nearer than that have not
    /// copied.</summary>
    public NearestWords HeldNearest { get; }

    /// <summary>Reads the words, at most <paramref name="most"/> of each part.</summary>
    public static SampleReference Of(IEncodedWords train, IEncodedWords held, int most = MaxWords) =>
        new(Read(train, most), Read(held, most));

    private static Sample[] Read(IEncodedWords words, int most) =>
        [.. Enumerable.Range(0, (int)Math.Min(most, words.Count)).Select(index => new Sample(words[index].ToArray(), true))];

    private static HashSet<IReadOnlyList<int>> Distinct(IEnumerable<Sample> words) =>
        words.Select(word => word.Tokens).ToHashSet(SameTokens.Comparer);
}
