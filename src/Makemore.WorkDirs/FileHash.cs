using System.Security.Cryptography;

namespace Makemore;

/// <summary>Hashes of files, which tell whether a script has changed.</summary>
internal static class FileHash
{
    /// <summary>The SHA-256 of a file; empty if it cannot be read.</summary>
    public static string Of(string path) => InputFile
        .Read<string>(path, stream => Convert.ToHexStringLower(SHA256.HashData(stream)))
        .Match(hash => hash, _ => "");
}
