using System.Reflection;

namespace Makemore.Script;

/// <summary>A script that is ready to run, and everything that it was made from.</summary>
/// <param name="Sources">The script itself, then every file that it loads, directly or not.</param>
/// <param name="References">The libraries that it refers to, directly or not, less the framework's.</param>
/// <param name="Assembly">The image of the compiled script.</param>
/// <param name="Symbols">Its portable debug symbols, which know files and lines.</param>
internal sealed record CompiledScript(Source[] Sources, Reference[] References, byte[] Assembly, byte[] Symbols)
{
    /// <summary>Whether everything that the script was made from still is as it was.</summary>
    public bool IsCurrent() =>
        Array.TrueForAll(Sources, source => source.IsCurrent()) &&
        Array.TrueForAll(References, reference => reference.IsCurrent());
}

/// <summary>A source file as it was read.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Text">The bytes of the file.</param>
internal sealed record Source(string Path, byte[] Text)
{
    /// <summary>Whether the file still holds these bytes.</summary>
    public bool IsCurrent() => File.Exists(Path) && File.ReadAllBytes(Path).AsSpan().SequenceEqual(Text);
}

/// <summary>A referenced library as it was compiled against.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Name">The simple name of the assembly.</param>
/// <param name="Version">The module's version identifier, see <see cref="ModuleVersion"/>.</param>
internal sealed record Reference(string Path, string Name, Guid Version)
{
    /// <summary>The library at a path, as it is now.</summary>
    /// <param name="path">The full path.</param>
    public static Reference At(string path) =>
        new(path, AssemblyName.GetAssemblyName(path).Name!, ModuleVersion.At(path));

    /// <summary>Whether the library on disk still is the one that was compiled against.</summary>
    public bool IsCurrent() => File.Exists(Path) && ModuleVersion.At(Path) == Version;
}
