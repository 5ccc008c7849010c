using System.Buffers;
using LanguageExt;

namespace Makemore;

/// <summary>Encoded words in memory, concatenated.</summary>
public sealed class EncodedWords : IEncodedWords
{
    // Most words are no longer than this.
    private const int ShortLength = 12;

    // All tokens, padded by that many.
    private readonly int[] _tokens;

    // Where each word starts, and where the last one ends.
    private readonly int[] _starts;

    private EncodedWords(int[] tokens, int[] starts) => (_tokens, _starts) = (tokens, starts);

    /// <summary>Encodes words in order.</summary>
    /// <returns>The encoded words, or the line with a text element that the vocabulary lacks.</returns>
    public static Either<Fault, EncodedWords> Of(Vocabulary vocabulary, IWords words)
    {
        var tokens = new ArrayBufferWriter<int>();
        var starts = new int[words.Count + 1];
        var index = 0;
        foreach (var word in words.All())
        {
            if (!vocabulary.TryEncode(word, tokens.GetSpan(vocabulary.MaxTokens(word.Length)), out var count))
                return vocabulary.Unknown(word).In($"{words.Source}: line {words.Line(index)}");
            tokens.Advance(count);
            starts[++index] = tokens.WrittenCount;
        }
        return new EncodedWords([.. tokens.WrittenSpan, .. new int[ShortLength]], starts);
    }

    /// <inheritdoc/>
    public long Count => _starts.Length - 1;

    /// <inheritdoc/>
    public ReadOnlySpan<int> this[long index] => _tokens.AsSpan(_starts[index].._starts[index + 1]);

    /// <inheritdoc/>
    /// <remarks>With words scattered in memory a batch mostly waits for cache misses. A copy of fixed length does not depend on
    /// the length of the word, so the misses overlap.</remarks>
    public int Read(long index, Span<int> tokens)
    {
        var (start, length) = (_starts[index], _starts[index + 1] - _starts[index]);
        if (length > ShortLength || tokens.Length < ShortLength)
            return IEncodedWords.Copy(this[index], tokens);
        _tokens.AsSpan(start, ShortLength).CopyTo(tokens);
        return length;
    }

    /// <inheritdoc/>
    public IEnumerable<(int From, int To)> Pairs()
    {
        var (from, at) = (Vocabulary.Stop, 0);
        for (var next = 1; next < _starts.Length; next++)
        {
            var end = _starts[next];
            for (; at < end; from = _tokens[at++])
                yield return (from, _tokens[at]);
            yield return (from, Vocabulary.Stop);
            from = Vocabulary.Stop;
        }
    }
}
