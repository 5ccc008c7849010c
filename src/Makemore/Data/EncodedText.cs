using System.Buffers;
using LanguageExt;

namespace Makemore;

/// <summary>An encoded text in memory.</summary>
public sealed class EncodedText : IEncodedText
{
    private readonly int[] _tokens;

    internal EncodedText(int[] tokens) => _tokens = tokens;

    /// <summary>Encodes a text.</summary>
    /// <returns>The tokens, or what the vocabulary lacks.</returns>
    public static Either<Fault, IEncodedText> Of(Vocabulary vocabulary, string text)
    {
        var tokens = new ArrayBufferWriter<int>();
        // Line by line, so that no more space is needed than for a line.
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            var line = rest[..(rest.IndexOf('\n') is >= 0 and var end ? end + 1 : rest.Length)];
            if (!vocabulary.TryEncode(line, tokens.GetSpan(vocabulary.MaxTokens(line.Length)), out var count))
                return vocabulary.Unknown(line);
            tokens.Advance(count);
            rest = rest[line.Length..];
        }
        return new EncodedText(tokens.WrittenSpan.ToArray());
    }

    /// <inheritdoc/>
    public long Count => _tokens.Length > 0 ? 1 : 0;

    /// <inheritdoc/>
    public long Length => _tokens.Length;

    /// <inheritdoc/>
    public ReadOnlySpan<int> this[long index] => index < Count ? _tokens : throw new ArgumentOutOfRangeException(nameof(index));

    /// <inheritdoc/>
    public void ReadAt(long offset, Span<int> tokens) => _tokens.AsSpan(checked((int)offset), tokens.Length).CopyTo(tokens);

    /// <inheritdoc/>
    public IEncodedWords Take(int count) => this;

    /// <inheritdoc/>
    public IEnumerable<(int From, int To)> Pairs() => _tokens.Zip(_tokens.Skip(1));
}
