namespace Makemore;

/// <summary>A run of words in another order, looked up as they are asked for.</summary>
internal sealed record PermutedWords(IWords Words, Permutation Order, long Start, long Count) : IWords
{
    /// <inheritdoc/>
    public string Source => Words.Source;

    /// <inheritdoc/>
    public string this[long index] => Words[Place(index)];

    /// <inheritdoc/>
    public long Line(long index) => Words.Line(Place(index));

    private long Place(long index) => index >= 0 && index < Count
        ? Order[Start + index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"There are {Count} words.");
}
