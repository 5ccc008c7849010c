namespace Makemore;

/// <summary>An encoded text: one sequence of tokens, of any length, without start and stop. As words it is a single one.</summary>
public interface IEncodedText : IEncodedWords
{
    /// <summary>The number of tokens.</summary>
    long Length { get; }

    /// <summary>Fills a span with the tokens from an offset on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not as many.</exception>
    void ReadAt(long offset, Span<int> tokens);
}
