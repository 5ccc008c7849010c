using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Makemore.Script;

/// <summary>A compiled script, and the files that it was compiled from.</summary>
/// <param name="Sources">The script itself, then every file that it loads, directly or not.</param>
/// <param name="References">The libraries that it refers to, directly or not, except the framework's.</param>
/// <param name="Assembly">The image of the compiled script; empty for a script without statements.</param>
/// <param name="Symbols">Its portable debug symbols, which map code to files and lines.</param>
internal sealed record CompiledScript(Source[] Sources, Reference[] References, byte[] Assembly, byte[] Symbols)
{
    /// <summary>Whether none of the files that the script was compiled from has changed.</summary>
    public bool IsCurrent() =>
        Array.TrueForAll(Sources, source => source.IsCurrent()) &&
        Array.TrueForAll(References, reference => reference.IsCurrent());
}

/// <summary>A source file as it was when a script was compiled from it.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Contents">The checksum of the file.</param>
internal sealed record Source(string Path, ulong Contents)
{
    /// <summary>Whether the file still has the same contents.</summary>
    public bool IsCurrent() => File.Exists(Path) && Checksum.Of(File.ReadAllBytes(Path)) == Contents;
}

/// <summary>A library as it was when a script was compiled against it.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Name">The simple name of the assembly.</param>
/// <param name="Version">The module version identifier: compilers give every library with different contents a different
/// one (ECMA-335 II.22.30).</param>
internal sealed record Reference(string Path, string Name, Guid Version)
{
    /// <summary>The library at a path, as it is now; null if there is none.</summary>
    /// <param name="path">The full path.</param>
    public static Reference? At(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            using var image = new PEReader(File.OpenRead(path));
            var metadata = image.GetMetadataReader();
            return new(
                path,
                metadata.GetString(metadata.GetAssemblyDefinition().Name),
                metadata.GetGuid(metadata.GetModuleDefinition().Mvid));
        }
        // A file without metadata is an invalid operation to the reader.
        catch (Exception fault) when (fault is IOException or BadImageFormatException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Whether the library at the path is still the one that the script was compiled against.</summary>
    public bool IsCurrent() => At(Path) == this;
}
