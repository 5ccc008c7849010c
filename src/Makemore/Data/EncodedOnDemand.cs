namespace Makemore;

/// <summary>Words that are encoded on each access and not kept in memory.</summary>
/// <param name="Vocabulary">The vocabulary.</param>
/// <param name="Words">The words; every one can be encoded with it.</param>
internal sealed record EncodedOnDemand(Vocabulary Vocabulary, IWords Words) : IEncodedWords
{
    /// <inheritdoc/>
    public long Count => Words.Count;

    /// <inheritdoc/>
    public bool AreInMemory => false;

    /// <inheritdoc/>
    public ReadOnlySpan<int> this[long index]
    {
        get
        {
            var word = Words[index];
            var tokens = new int[Vocabulary.MaxTokens(word.Length)];
            return tokens.AsSpan(0, Encode(word, tokens));
        }
    }

    /// <inheritdoc/>
    public int Read(long index, Span<int> tokens)
    {
        var word = Words[index];
        if (Vocabulary.MaxTokens(word.Length) <= tokens.Length)
            return Encode(word, tokens);
        var buffer = new int[Vocabulary.MaxTokens(word.Length)];
        return IEncodedWords.Copy(buffer.AsSpan(0, Encode(word, buffer)), tokens);
    }

    /// <inheritdoc/>
    public IEnumerable<(int From, int To)> Pairs()
    {
        var tokens = new int[64];
        foreach (var word in Words.InAnyOrder())
        {
            if (Vocabulary.MaxTokens(word.Length) > tokens.Length)
                tokens = new int[Vocabulary.MaxTokens(word.Length)];
            var (from, count) = (Vocabulary.Stop, Encode(word, tokens));
            for (var t = 0; t < count; from = tokens[t++])
                yield return (from, tokens[t]);
            yield return (from, Vocabulary.Stop);
        }
    }

    private int Encode(string word, Span<int> tokens) => Vocabulary.TryEncode(word, tokens, out var count)
        ? count
        : throw new IOException($"{Words.Source}: changed while it was in use: {Vocabulary.Unknown(word)}");
}
