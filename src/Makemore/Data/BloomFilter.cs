using System.Buffers.Binary;
using System.Numerics;

namespace Makemore;

/// <summary>A Bloom filter of words with one hash, of the first eight bytes and the length: rules out most other words without
/// decoding them.</summary>
internal sealed class BloomFilter
{
    private readonly bool[] _mayBe;
    private readonly int _shift;

    public BloomFilter(IReadOnlyCollection<string> words)
    {
        var bits = BitOperations.Log2((uint)Math.Max(1 << 8, words.Count)) + 6;
        (_mayBe, _shift) = (new bool[1 << bits], 64 - bits);
        foreach (var word in words)
            _mayBe[Slot(System.Text.Encoding.UTF8.GetBytes(word))] = true;
    }

    /// <summary>Whether a trimmed word may be one of the words.</summary>
    public bool MayContain(ReadOnlySpan<byte> word) => _mayBe[Slot(word)];

    private int Slot(ReadOnlySpan<byte> word)
    {
        Span<byte> head = stackalloc byte[8];
        head.Clear();
        word[..Math.Min(8, word.Length)].CopyTo(head);
        var hash = (BinaryPrimitives.ReadUInt64LittleEndian(head) ^ ((ulong)word.Length << 56)) * 0x9E3779B97F4A7C15;
        return (int)(hash >> _shift);
    }
}
