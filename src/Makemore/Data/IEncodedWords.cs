namespace Makemore;

/// <summary>Words as tokens by index, wherever they are kept.</summary>
public interface IEncodedWords
{
    /// <summary>The number of words.</summary>
    long Count { get; }

    /// <summary>Writes the tokens of one word, without start and stop.</summary>
    /// <returns>How many there are.</returns>
    /// <exception cref="ArgumentException">There is not room enough.</exception>
    int Read(long index, Span<int> tokens);
}
