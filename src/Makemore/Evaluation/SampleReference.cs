namespace Makemore;

/// <summary>What samples are compared with: the training words and the held-out words.</summary>
public sealed class SampleReference
{
    /// <summary>The maximum number of words that are read from each part. Parts are in random order. Of a larger part only the
    /// first words are read, and shares of samples that are found in it are of those words alone.</summary>
    public const int MaxWords = 200_000;

    private SampleReference(int[][] train, int[][] held)
    {
        Train = Distinct(train);
        Unseen = Distinct(held.Where(word => !Train.Contains(word)));
        Trie = new(Train);
        Lengths = LengthDistribution.Of(Array.ConvertAll(train, word => word.Length));
        NGrams = NGramSequences.OfAll(Array.ConvertAll<int[], int[]>(train, word => [.. word, Vocabulary.Stop]));
        HeldNearest = NearestWords.Of(held, Trie);
    }

    /// <summary>The distinct training words.</summary>
    internal HashSet<IReadOnlyList<int>> Train { get; }

    /// <summary>The distinct held-out words that are not training words.</summary>
    internal HashSet<IReadOnlyList<int>> Unseen { get; }

    /// <summary>The training words, to search for the nearest one.</summary>
    public WordTrie Trie { get; }

    /// <summary>The lengths of the training words.</summary>
    public LengthDistribution Lengths { get; }

    /// <summary>The n-grams of the training words, for n from 1 on.</summary>
    internal IReadOnlyList<NGramSequences> NGrams { get; }

    /// <summary>How near the held-out words are to the training words. Samples that are no nearer are not copies.</summary>
    public NearestWords HeldNearest { get; }

    /// <summary>Reads up to <paramref name="max"/> words of each part.</summary>
    public static SampleReference Of(IEncodedWords train, IEncodedWords held, int max = MaxWords) =>
        new(Read(train, max), Read(held, max));

    private static int[][] Read(IEncodedWords words, int max) =>
        [.. Enumerable.Range(0, (int)Math.Min(max, words.Count)).Select(index => words[index].ToArray())];

    private static HashSet<IReadOnlyList<int>> Distinct(IEnumerable<IReadOnlyList<int>> words) =>
        words.ToHashSet(SameTokens.Comparer);
}
