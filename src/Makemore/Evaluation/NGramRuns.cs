namespace Makemore;

/// <summary>The runs of n tokens of some words, in their order: each run has a number, so that to count those of a draw of
/// the words nothing is looked up. They take four bytes a token.</summary>
internal sealed class NGramRuns
{
    private readonly NGramNumbers _numbers = new();
    private readonly int[] _runs;

    // Where the runs of each word begin, and where the last one's end.
    private readonly int[] _starts;

    /// <summary>Reads the runs of n tokens of words; see <see cref="NGramCounts"/> for which they are.</summary>
    /// <exception cref="ArgumentOutOfRangeException">n is not in 1 … <see cref="NGramCounts.Longest"/>.</exception>
    public NGramRuns(int n, IReadOnlyCollection<Sample> words)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, NGramCounts.Longest);
        (N, _starts) = (n, new int[words.Count + 1]);
        var next = 0;
        foreach (var word in words)
        {
            _starts[next + 1] = checked(_starts[next] + CountIn(word));
            next++;
        }
        _runs = new int[_starts[^1]];
        next = 0;
        foreach (var (tokens, isFinished) in words)
            Read(Sample.SpanOf(tokens), isFinished, _starts[next++]);
        Counts = CountsOf([.. Enumerable.Range(0, Words)]);
    }

    /// <summary>The number of tokens in a run.</summary>
    public int N { get; }

    /// <summary>The number of words.</summary>
    public int Words => _starts.Length - 1;

    /// <summary>How often each run occurs in all words.</summary>
    public NGramCounts Counts { get; }

    // Words have a stop in front, but for single tokens.
    private int Before => N > 1 ? 1 : 0;

    /// <summary>The runs of each length.</summary>
    public static NGramRuns[] OfAll(IReadOnlyCollection<Sample> words) =>
        [.. Enumerable.Range(1, NGramCounts.Longest).Select(n => new NGramRuns(n, words))];

    /// <summary>How often each run occurs in some of the words, told by their places; a place may come again.</summary>
    public NGramCounts CountsOf(ReadOnlySpan<int> words)
    {
        var counts = new long[_numbers.Count];
        foreach (var word in words)
            foreach (var run in _runs.AsSpan(_starts[word].._starts[word + 1]))
                counts[run]++;
        return new(N, _numbers, counts);
    }

    private int CountIn(Sample word) => Math.Max(0, Before + word.Tokens.Count + After(word.IsFinished) - N + 1);

    /// <summary>Reads a word's runs, to be kept from a place on.</summary>
    private void Read(ReadOnlySpan<int> tokens, bool isFinished, int place)
    {
        // The stop is token 0, so an empty window has it in front already: what counts is how many tokens were seen.
        var (window, mask, seen) = (default(NGram), NGram.Mask(N), Before);
        for (var t = 0; t < tokens.Length + After(isFinished); t++)
        {
            window = window.Then(t < tokens.Length ? tokens[t] : Vocabulary.Stop, mask);
            if (++seen >= N)
                _runs[place++] = _numbers.Give(window);
        }
    }

    private static int After(bool isFinished) => isFinished ? 1 : 0;
}
