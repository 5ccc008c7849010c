namespace Makemore;

/// <summary>A selection of words.</summary>
internal sealed record SelectedWords(IEncodedWords Words, long[] Indices) : IEncodedWords
{
    /// <inheritdoc/>
    public long Count => Indices.Length;

    /// <inheritdoc/>
    public bool AreInMemory => Words.AreInMemory;

    /// <inheritdoc/>
    public ReadOnlySpan<int> this[long index] => Words[Indices[index]];

    /// <inheritdoc/>
    public int Read(long index, Span<int> tokens) => Words.Read(Indices[index], tokens);
}
