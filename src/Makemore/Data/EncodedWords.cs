using System.Buffers;
using LanguageExt;

namespace Makemore;

/// <summary>Words as tokens in memory, one after the other.</summary>
public sealed class EncodedWords : IEncodedWords
{
    // Most words have no more tokens than these.
    private const int Few = 12;

    // All tokens, and behind them room for few more.
    private readonly int[] _tokens;

    // Where each word begins; and where the last one ends.
    private readonly int[] _starts;

    private EncodedWords(int[] tokens, int[] starts) => (_tokens, _starts) = (tokens, starts);

    /// <summary>Encodes words in their order.</summary>
    /// <returns>The tokens, or in which line the vocabulary lacks a text element.</returns>
    public static Either<Fault, EncodedWords> Of(Vocabulary vocabulary, IWords words)
    {
        var tokens = new ArrayBufferWriter<int>();
        var starts = new int[words.Count + 1];
        var index = 0;
        foreach (var word in words.All())
        {
            if (!vocabulary.TryEncode(word, tokens.GetSpan(word.Length), out var count))
                return vocabulary.Unknown(word).In($"{words.Source}: line {words.Line(index)}");
            tokens.Advance(count);
            starts[++index] = tokens.WrittenCount;
        }
        return new EncodedWords([.. tokens.WrittenSpan, .. new int[Few]], starts);
    }

    /// <inheritdoc/>
    public long Count => _starts.Length - 1;

    /// <inheritdoc/>
    public ReadOnlySpan<int> this[long index] => _tokens.AsSpan(_starts[index].._starts[index + 1]);

    /// <inheritdoc/>
    /// <remarks>Where the words lie all over the memory, a batch is mostly waiting for them. A copy whose length is known
    /// before the word's is does not hold up the next one.</remarks>
    public int Read(long index, Span<int> tokens)
    {
        var (start, length) = (_starts[index], _starts[index + 1] - _starts[index]);
        if (length > Few || tokens.Length < Few)
            return IEncodedWords.Copy(this[index], tokens);
        _tokens.AsSpan(start, Few).CopyTo(tokens);
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
