using System.Text;

namespace Makemore;

/// <summary>A vocabulary of bytes and pairs of them. Token t of the encoding is t + 1 here, after the stop.</summary>
internal sealed class PieceVocabulary(BytePairs pairs)
    : Vocabulary([.. Enumerable.Range(0, pairs.Size).Select(token => Written(pairs.BytesOf(token)))])
{
    /// <inheritdoc/>
    public override BytePairs Pairs => pairs;

    /// <inheritdoc/>
    public override bool TryEncode(ReadOnlySpan<char> word, Span<int> tokens, out int count)
    {
        count = pairs.Encode(word, tokens);
        for (var i = 0; i < count; i++)
            tokens[i]++;
        return true;
    }

    /// <inheritdoc/>
    internal override bool TryEncodeLine(ReadOnlySpan<byte> line, Span<int> tokens, out int count)
    {
        if (pairs.Merges.Length > 0)
            return base.TryEncodeLine(line, tokens, out count);
        count = line.Length + 1;
        for (var i = 0; i < line.Length; i++)
            tokens[i] = line[i] + 1;
        tokens[line.Length] = '\n' + 1;
        return true;
    }

    /// <inheritdoc/>
    public override int MaxTokens(int units) => Encoding.UTF8.GetMaxByteCount(units);

    /// <inheritdoc/>
    public override IEnumerable<string> Stream(IEnumerable<int> tokens)
    {
        var (decoder, text) = (Encoding.UTF8.GetDecoder(), new char[16]);
        foreach (var token in tokens.Where(token => token != Stop))
        {
            var bytes = pairs.BytesOf(token - 1);
            if (decoder.GetCharCount(bytes, flush: false) is var count && count > text.Length)
                text = new char[count];
            if (decoder.GetChars(bytes, text, flush: false) is > 0 and var length)
                yield return new(text, 0, length);
        }
    }

    /// <inheritdoc/>
    public override int ByteCount(int token) => token == Stop ? 1 : pairs.BytesOf(token - 1).Length;

    /// <inheritdoc/>
    /// <remarks>Any text element has bytes.</remarks>
    public override string Beyond(Vocabulary other) => "";

    /// <inheritdoc/>
    public override (int[] Tokens, bool IsWhole) Translate(IReadOnlyList<int> tokens, Vocabulary other) =>
        ((CharacterVocabulary)other).TokensOf(ElementsOf(Decode([.. tokens])));

    /// <inheritdoc/>
    public override IReadOnlyList<int> Canonical(IReadOnlyList<int> tokens) => [.. pairs.Encode(Decode([.. tokens])).Select(token => token + 1)];

    /// <inheritdoc/>
    internal override Fault Unknown(ReadOnlySpan<char> word) => throw new InvalidOperationException("Every word has bytes.");

    private protected override string Join(ReadOnlySpan<int> tokens) => pairs.Decode(Array.ConvertAll(tokens.ToArray(), token => token - 1));

    private protected override string Text(int token)
    {
        var bytes = pairs.BytesOf(token - 1);
        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Hexadecimal(bytes);
    }

    private static string Hexadecimal(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var value in bytes)
            text.Append(value < 128 ? $"{(char)value}" : $"<{value:X2}>");
        return text.ToString();
    }

    private static IEnumerable<string> ElementsOf(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = TextElements.First(text.AsSpan(at));
            yield return text.Substring(at, length);
            at += length;
        }
    }

    /// <summary>Bytes as in GPT-2's vocabulary.</summary>
    private static string Written(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var value in bytes)
            text.Append(IsPrinted(value) ? (char)value : (char)(256 + Enumerable.Range(0, value).Count(other => !IsPrinted((byte)other))));
        return text.ToString();
    }

    private static bool IsPrinted(byte value) => value is (>= 0x21 and <= 0x7E) or (>= 0xA1 and <= 0xAC) or >= 0xAE;
}
