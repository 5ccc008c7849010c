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

    /// <summary>The tokens of one word, without start and stop.</summary>
    public ReadOnlySpan<int> this[long index] => _tokens.AsSpan((index == 0 ? 0 : _ends[index - 1]).._ends[index]);

    /// <summary>The first so many words, or all where there are fewer.</summary>
    public EncodedWords Take(int count) => new(_tokens, _ends[..Math.Min(count, _ends.Length)]);

    /// <summary>The words at the indices that a condition holds for, in order.</summary>
    public EncodedWords Where(Func<long, bool> condition)
    {
        var chosen = Enumerable.Range(0, _ends.Length).Where(index => condition(index)).Select(index => this[index].ToArray()).ToArray();
        var end = 0;
        return new([.. chosen.SelectMany(tokens => tokens)], [.. chosen.Select(tokens => end += tokens.Length)]);
    }

    /// <summary>Every token of every word with the one after it; a word begins and ends with token 0.</summary>
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

    /// <inheritdoc/>
    public int Read(long index, Span<int> tokens)
    {
        var word = this[index];
        if (word.Length > tokens.Length)
            throw new ArgumentException($"EncodedWords: {word.Length} tokens do not fit where {tokens.Length} do.");
        word.CopyTo(tokens);
        return word.Length;
    }
}
