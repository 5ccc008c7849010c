using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>The last tokens seen, up to four, 32 bits each.</summary>
internal readonly record struct NGram(ulong Older, ulong Newer)
{
    /// <summary>The bits of n tokens.</summary>
    public static NGram Mask(int n) => n switch
    {
        1 => new(0, uint.MaxValue),
        2 => new(0, ulong.MaxValue),
        3 => new(uint.MaxValue, ulong.MaxValue),
        _ => new(ulong.MaxValue, ulong.MaxValue),
    };

    /// <summary>With one more token, of which only those under a mask are kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public NGram Append(int token, NGram mask) =>
        new(((Older << 32) | (Newer >> 32)) & mask.Older, ((Newer << 32) | (uint)token) & mask.Newer);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(NGram other) => Older == other.Older && Newer == other.Newer;

    // Multiplicative hashing: Knuth: "The Art of Computer Programming", volume 3, section 6.4.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public override int GetHashCode() => (int)(((Older * 0x9E3779B97F4A7C15) ^ Newer) * 0xD1B54A32D192ED03 >> 32);
}
