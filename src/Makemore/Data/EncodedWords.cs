using System.Buffers;
using LanguageExt;

namespace Makemore;

/// <summary>Words as tokens in memory, one after the other.</summary>
public sealed class EncodedWords : IEncodedWords
{
    private readonly int[] _tokens;
    private readonly int[] _ends;

    private EncodedWords(int[] tokens, int[] ends) => (_tokens, _ends) = (tokens, ends);

    /// <summary>Encodes words in their order.</summary>
    /// <returns>The tokens, or in which line the vocabulary lacks a text element.</returns>
    public static Either<Fault, EncodedWords> Of(Vocabulary vocabulary, IWords words)
    {
        var tokens = new ArrayBufferWriter<int>();
        var ends = new int[words.Count];
        var index = 0;
        foreach (var word in words.All())
        {
            if (!vocabulary.TryEncode(word, tokens.GetSpan(word.Length), out var count))
                return vocabulary.Unknown(word).In($"{words.Source}: line {words.Line(index)}");
            tokens.Advance(count);
            ends[index++] = tokens.WrittenCount;
        }
        return new EncodedWords(tokens.WrittenSpan.ToArray(), ends);
    }

    /// <inheritdoc/>
    public long Count => _ends.Length;

    /// <inheritdoc/>
    public ReadOnlySpan<int> this[long index] => _tokens.AsSpan((index == 0 ? 0 : _ends[index - 1]).._ends[index]);

    /// <inheritdoc/>
    public IEnumerable<(int From, int To)> Pairs()
    {
        var (from, at) = (Vocabulary.Stop, 0);
        foreach (var end in _ends)
        {
            for (; at < end; from = _tokens[at++])
                yield return (from, _tokens[at]);
            yield return (from, Vocabulary.Stop);
            from = Vocabulary.Stop;
        }
    }
}
