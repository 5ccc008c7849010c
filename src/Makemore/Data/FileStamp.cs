using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Makemore;

/// <summary>Identifies a file without reading all of it.</summary>
/// <param name="Size">The size in bytes.</param>
/// <param name="Modified">The time of the last write, in UTC ticks.</param>
/// <param name="Ends">The SHA-256 of the first and the last 64 KiB.</param>
internal sealed record FileStamp(long Size, long Modified, string Ends)
{
    private const int EndSize = 1 << 16;

    /// <summary>The current stamp of an open file.</summary>
    public static FileStamp Of(SafeFileHandle file)
    {
        var size = RandomAccess.GetLength(file);
        var ends = new byte[2 * EndSize];
        var first = RandomAccess.Read(file, ends.AsSpan(0, EndSize), 0);
        var last = RandomAccess.Read(file, ends.AsSpan(first, EndSize), Math.Max(0, size - EndSize));
        return new(
            size, File.GetLastWriteTimeUtc(file).Ticks, Convert.ToHexStringLower(SHA256.HashData(ends.AsSpan(0, first + last))));
    }
}
