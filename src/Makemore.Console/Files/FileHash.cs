using System.Security.Cryptography;

namespace Makemore;

/// <summary>Hashes of files: what tells whether words or a script changed.</summary>
internal static class FileHash
{
    /// <summary>The SHA-256 of a file; empty if it does not exist.</summary>
    public static string Of(string path)
    {
        if (!File.Exists(path))
            return "";
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
