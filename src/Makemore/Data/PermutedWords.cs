namespace Makemore;

/// <summary>A range of permuted words; positions are computed on access.</summary>
internal sealed record PermutedWords(IWords Words, Permutation Order, long Start, long Count) : IWords
{
    private const int MaxRandomReads = 10_000, Chunk = 1024;

    /// <inheritdoc/>
    public string Source => Words.Source;

    /// <inheritdoc/>
    public string this[long index] => Words[Position(index)];

    /// <inheritdoc/>
    public long Line(long index) => Words.Line(Position(index));

    /// <inheritdoc/>
    public IEnumerable<string> All()
    {
        var positions = new long[Chunk];
        for (var from = 0L; from < Count; from += Chunk)
        {
            var count = (int)Math.Min(Chunk, Count - from);
            Order.Positions(Start + from, positions.AsSpan(0, count));
            for (var i = 0; i < count; i++)
                yield return Words[positions[i]];
        }
    }

    /// <inheritdoc/>
    public IEnumerable<string> InAnyOrder()
    {
        var (indices, position) = (new long[Chunk], 0L);
        foreach (var word in Words.All())
        {
            if (position % Chunk == 0)
                Order.IndicesOf(position, indices.AsSpan(0, (int)Math.Min(Chunk, Words.Count - position)));
            if (IsIn(indices[position++ % Chunk]))
                yield return word;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Reading a short range is faster than a pass over all words.</remarks>
    public IEnumerable<(long Index, string Word)> Find(IReadOnlySet<string> words)
    {
        return Count <= MaxRandomReads ? Read() : Words.Find(words).Where(found => Contains(found.Index)).Select(
            found => (Order.IndexOf(found.Index) - Start, found.Word));

        IEnumerable<(long Index, string Word)> Read() =>
            from index in Enumerable.Range(0, (int)Count)
            let word = this[index]
            where words.Contains(word)
            select ((long)index, word);
    }

    private bool Contains(long position) => IsIn(Order.IndexOf(position));

    private bool IsIn(long index) => index >= Start && index - Start < Count;

    private long Position(long index) => index >= 0 && index < Count
        ? Order[Start + index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"There are {Count} words.");
}
