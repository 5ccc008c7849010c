using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using LanguageExt;

namespace Makemore;

/// <summary>
/// Byte-pair encoding (Sennrich, Haddow, Birch 2016, https://arxiv.org/abs/1508.07909) of UTF-8 bytes, as in GPT-2 (Radford et al.
/// 2019). Token 0 … 255 is that byte, and token 256 + i is the pair of tokens that merge i joins. A text is first cut into chunks,
/// and no pair reaches across their borders; in each chunk the merges are applied in order, from left to right. Without merges,
/// tokens are bytes.
/// </summary>
/// <remarks>A chunk is a run of letters, of digits or of other characters, with at most one space in front of it, an English
/// contraction such as <c>'ll</c>, or white space: GPT-2's pattern, but with the marks that follow letters counted as letters, and
/// each line feed a chunk of its own, so that the tokens of a text are those of its lines.</remarks>
public sealed partial class BytePairs : IEquatable<BytePairs>
{
    /// <summary>The number of tokens that are bytes.</summary>
    public const int Bytes = 256;

    // Chunks repeat; beyond this number of distinct ones, a new one is encoded each time.
    private const int MaxCached = 1 << 16;

    private readonly Dictionary<(int Left, int Right), int> _ranks = [];
    private readonly ImmutableArray<byte[]> _bytes;
    private readonly ConcurrentDictionary<string, int[]> _cache = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _cached;

    private BytePairs(ImmutableArray<(int Left, int Right)> merges)
    {
        Merges = merges;
        var bytes = ImmutableArray.CreateBuilder<byte[]>(Size);
        for (var value = 0; value < Bytes; value++)
            bytes.Add([(byte)value]);
        foreach (var (left, right) in merges)
            bytes.Add([.. bytes[left], .. bytes[right]]);
        _bytes = bytes.MoveToImmutable();
        for (var rank = 0; rank < merges.Length; rank++)
            _ranks.Add(merges[rank], rank);
        _cached = _cache.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>No merges: every byte is a token.</summary>
    public static BytePairs None { get; } = new([]);

    /// <summary>The pairs of tokens that are joined, in order.</summary>
    public ImmutableArray<(int Left, int Right)> Merges { get; }

    /// <summary>The number of tokens.</summary>
    public int Size => Bytes + Merges.Length;

    /// <summary>
    /// Learns merges: each is the most frequent pair of tokens in the texts so far merged, of equally frequent ones that with the
    /// lowest left token, then the lowest right one. A pair that occurs only once is not merged.
    /// </summary>
    /// <param name="texts">The texts, such as words, or the lines of a file.</param>
    /// <param name="merges">The maximum number of merges.</param>
    public static BytePairs Learn(IEnumerable<string> texts, int merges) => new(BytePairTrainer.Learn(texts, merges));

    /// <summary>The encoding with given <see cref="Merges"/>, as stored in a file.</summary>
    /// <param name="merges">The merges.</param>
    /// <param name="maxBytes">The maximum number of bytes of all tokens together. Each merge can double the length of the one before, so
    /// a few could fill any memory.</param>
    /// <returns>The encoding, or the first merge that does not join earlier tokens, occurs twice, or makes too many bytes.</returns>
    public static Either<Fault, BytePairs> FromMerges(IEnumerable<(int Left, int Right)> merges, long maxBytes = 1 << 26)
    {
        var (all, seen) = (merges.ToImmutableArray(), new System.Collections.Generic.HashSet<(int, int)>());
        var (lengths, total) = (Enumerable.Repeat(1L, Bytes).ToList(), (long)Bytes);
        for (var i = 0; i < all.Length; i++)
        {
            var (left, right) = all[i];
            var areTokens = IsToken(left) && IsToken(right);
            if (areTokens)
            {
                lengths.Add(lengths[left] + lengths[right]);
                total += lengths[^1];
            }
            var wrong = !areTokens ? "does not join earlier tokens"
                : !seen.Add(all[i]) ? "occurs twice"
                : total > maxBytes ? $"makes the tokens longer than {maxBytes} bytes in all"
                : null;
            if (wrong is not null)
                return Fault.Of($"merge {i + 1}, of tokens {left} and {right}, {wrong}");
        }
        return new BytePairs(all);

        bool IsToken(int token) => token >= 0 && token < lengths.Count;
    }

    /// <summary>The tokens of a text. A half of a surrogate pair on its own, which is not a character, becomes U+FFFD.</summary>
    public int[] Encode(ReadOnlySpan<char> text)
    {
        var tokens = new int[Encoding.UTF8.GetByteCount(text)];
        return tokens[..Encode(text, tokens)];
    }

    /// <summary>Writes the tokens of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokens">Receives the tokens; as many as the text has bytes in UTF-8 are enough.</param>
    /// <returns>The number of tokens written.</returns>
    public int Encode(ReadOnlySpan<char> text, Span<int> tokens)
    {
        var count = 0;
        foreach (var range in Chunk().EnumerateMatches(text))
        {
            var chunk = OfChunk(text.Slice(range.Index, range.Length));
            chunk.CopyTo(tokens[count..]);
            count += chunk.Length;
        }
        return count;
    }

    /// <summary>The text of some tokens; bytes that are not UTF-8 become U+FFFD.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens)
            bytes.AddRange(BytesOf(token));
        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>The bytes of a token.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public ReadOnlySpan<byte> BytesOf(int token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, Size);
        return _bytes[token];
    }

    /// <summary>Whether both have the same merges.</summary>
    public bool Equals(BytePairs? other) => other is not null && Merges.SequenceEqual(other.Merges);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as BytePairs);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Size, Merges.LastOrDefault());

    /// <summary>Tokens with every occurrence of a pair, from left to right, as one token.</summary>
    internal static int[] Merge(ReadOnlySpan<int> tokens, (int Left, int Right) pair, int token)
    {
        var (merged, count) = (new int[tokens.Length], 0);
        for (var at = 0; at < tokens.Length; at++, count++)
        {
            var isPair = at + 1 < tokens.Length && (tokens[at], tokens[at + 1]) == pair;
            merged[count] = isPair ? token : tokens[at];
            at += isPair ? 1 : 0;
        }
        return merged[..count];
    }

    /// <summary>The bytes of a text as tokens.</summary>
    internal static int[] ToBytes(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        return Array.ConvertAll(bytes, value => (int)value);
    }

    /// <summary>The pieces of a text that are encoded one by one.</summary>
    [GeneratedRegex(
        @"'(?:[sdmt]|ll|ve|re)| ?[\p{L}\p{M}]+| ?\p{N}+| ?[^\s\p{L}\p{M}\p{N}]+|[^\S\n]+(?!\S)|\s", RegexOptions.CultureInvariant)]
    internal static partial Regex Chunk();

    private int[] OfChunk(ReadOnlySpan<char> chunk)
    {
        if (_cached.TryGetValue(chunk, out var known))
            return known;
        var tokens = ToBytes(chunk);
        while (FirstMerge(tokens) is { } rank)
            tokens = Merge(tokens, Merges[rank], Bytes + rank);
        if (_cache.Count < MaxCached)
            _cached[chunk] = tokens;
        return tokens;
    }

    /// <summary>The first merge that joins any of the tokens; null if none does.</summary>
    private int? FirstMerge(int[] tokens)
    {
        int? first = null;
        for (var at = 1; at < tokens.Length; at++)
            if (_ranks.TryGetValue((tokens[at - 1], tokens[at]), out var rank) && !(rank >= first))
                first = rank;
        return first;
    }
}
