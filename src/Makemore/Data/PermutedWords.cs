namespace Makemore;

/// <summary>A run of words in another order, looked up as they are asked for.</summary>
internal sealed record PermutedWords(IWords Words, Permutation Order, long Start, long Count) : IWords
{
    private const int Few = 10_000, Chunk = 1024;

    /// <inheritdoc/>
    public string Source => Words.Source;

    /// <inheritdoc/>
    public string this[long index] => Words[Place(index)];

    /// <inheritdoc/>
    public long Line(long index) => Words.Line(Place(index));

    /// <inheritdoc/>
    public IEnumerable<string> All()
    {
        var places = new long[Chunk];
        for (var from = 0L; from < Count; from += Chunk)
        {
            var count = (int)Math.Min(Chunk, Count - from);
            Order.Positions(Start + from, places.AsSpan(0, count));
            for (var i = 0; i < count; i++)
                yield return Words[places[i]];
        }
    }

    /// <inheritdoc/>
    public IEnumerable<string> InAnyOrder()
    {
        var (indices, place) = (new long[Chunk], 0L);
        foreach (var word in Words.All())
        {
            if (place % Chunk == 0)
                Order.IndicesOf(place, indices.AsSpan(0, (int)Math.Min(Chunk, Words.Count - place)));
            if (IsIn(indices[place++ % Chunk]))
                yield return word;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Where the run is short, it is quicker to read than all words.</remarks>
    public IEnumerable<(long Index, string Word)> Find(IReadOnlySet<string> asked)
    {
        return Count <= Few ? Read() : Words.Find(asked).Where(found => Holds(found.Index)).Select(
            found => (Order.IndexOf(found.Index) - Start, found.Word));

        IEnumerable<(long, string)> Read() =>
            Enumerable.Range(0, (int)Count).Select(index => ((long)index, this[index])).Where(found => asked.Contains(found.Item2));
    }

    private bool Holds(long place) => IsIn(Order.IndexOf(place));

    private bool IsIn(long index) => index >= Start && index - Start < Count;

    private long Place(long index) => index >= 0 && index < Count
        ? Order[Start + index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"There are {Count} words.");
}
