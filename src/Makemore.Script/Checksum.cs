using System.Runtime.InteropServices;

namespace Makemore.Script;

/// <summary>
/// The 64-bit FNV-1a checksum (http://www.isthe.com/chongo/tech/comp/fnv/), which is the same in every process. It detects
/// changes and damage, and needs no cryptography library, which would take long to load.
/// </summary>
internal static class Checksum
{
    /// <summary>The checksum of bytes.</summary>
    /// <param name="bytes">Any number of bytes.</param>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var sum = 0xcbf29ce484222325;
        foreach (var value in bytes)
            sum = (sum ^ value) * 0x100000001b3;
        return sum;
    }

    /// <summary>The checksum of a text's UTF-16 code units.</summary>
    /// <param name="text">Any text.</param>
    public static ulong Of(string text) => Of(MemoryMarshal.AsBytes<char>(text));

    /// <summary>The bytes with their checksum in front.</summary>
    /// <param name="bytes">Any number of bytes.</param>
    public static byte[] Seal(byte[] bytes) => [.. BitConverter.GetBytes(Of(bytes)), .. bytes];

    /// <summary>The bytes that were sealed; null if they are damaged.</summary>
    /// <param name="bytes">What <see cref="Seal"/> returned.</param>
    public static byte[]? Open(byte[] bytes) =>
        bytes.Length >= sizeof(ulong) && BitConverter.ToUInt64(bytes) == Of(bytes.AsSpan(sizeof(ulong)))
            ? bytes[sizeof(ulong)..]
            : null;
}
