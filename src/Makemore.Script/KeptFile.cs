namespace Makemore.Script;

/// <summary>A file of the cache: it is read whole and undamaged or not at all, and replaced at one stroke, because others
/// may read and replace it at the same time.</summary>
/// <param name="path">The full path.</param>
internal sealed class KeptFile(string path)
{
    /// <summary>The contents; none where there are none, or damaged ones.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public byte[]? Read() => File.Exists(path) ? Checksum.Open(File.ReadAllBytes(path)) : null;

    /// <summary>Replaces the contents.</summary>
    /// <param name="contents">The new ones.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(byte[] contents)
    {
        var beside = $"{path}.{Path.GetRandomFileName()}";
        File.WriteAllBytes(beside, Checksum.Seal(contents));
        File.Move(beside, path, overwrite: true);
    }
}
