namespace Makemore;

/// <summary>The n-grams of some words, each as an id, so that those of resampled words are counted without a lookup. Takes four
/// bytes per token.</summary>
internal sealed class NGramSequences
{
    private readonly NGramIds _ids = new();
    private readonly int[] _nGrams;

    // Where the n-grams of each word start, and where those of the last word end.
    private readonly int[] _starts;

    /// <summary>Reads the n-grams of words; <see cref="NGramCounts.Of"/> says which they are.</summary>
    /// <exception cref="ArgumentOutOfRangeException">n is not in 1 … <see cref="NGramCounts.MaxN"/>.</exception>
    public NGramSequences(int n, IReadOnlyCollection<int[]> words)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, NGramCounts.MaxN);
        (N, _starts) = (n, new int[words.Count + 1]);
        foreach (var (index, word) in words.Index())
            _starts[index + 1] = checked(_starts[index] + Math.Max(0, Padding + word.Length - N + 1));
        _nGrams = new int[_starts[^1]];
        foreach (var (index, word) in words.Index())
            Read(word, _nGrams.AsSpan(_starts[index].._starts[index + 1]));
        Counts = CountsOf([.. Enumerable.Range(0, Words)]);
    }

    /// <summary>The number of tokens in an n-gram.</summary>
    public int N { get; }

    /// <summary>The number of words.</summary>
    public int Words => _starts.Length - 1;

    /// <summary>How often each n-gram occurs in all words.</summary>
    public NGramCounts Counts { get; }

    // The start token before a word; a unigram has no context.
    private int Padding => N > 1 ? 1 : 0;

    /// <summary>The n-grams of words for each n.</summary>
    public static NGramSequences[] OfAll(IReadOnlyCollection<int[]> words) =>
        [.. Enumerable.Range(1, NGramCounts.MaxN).Select(n => new NGramSequences(n, words))];

    /// <summary>How often each n-gram occurs in the words with these indices; an index may repeat.</summary>
    public NGramCounts CountsOf(ReadOnlySpan<int> words)
    {
        var counts = new long[_ids.Count];
        foreach (var word in words)
            foreach (var id in _nGrams.AsSpan(_starts[word].._starts[word + 1]))
                counts[id]++;
        return new(N, _ids, counts);
    }

    private void Read(ReadOnlySpan<int> word, Span<int> nGrams)
    {
        // The start is token 0, which an empty window already has, so only the number of tokens seen counts.
        var (window, mask, seen) = (default(NGram), NGram.Mask(N), Padding);
        foreach (var token in word)
        {
            window = window.Append(token, mask);
            if (++seen >= N)
                nGrams[seen - N] = _ids.GetOrAdd(window);
        }
    }
}
