using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>Whether a script runs on the latest build of the library.</summary>
public static class Freshness
{
    /// <summary>Exits with an error if a script host has loaded an outdated copy of the library, as dotnet-script does from its
    /// cache.</summary>
    /// <param name="libraries">The folder of the libraries, relative to the prelude.</param>
    /// <param name="prelude">The path of the prelude; the compiler passes it.</param>
    public static void Require(string libraries, [CallerFilePath] string prelude = "")
    {
        var loaded = typeof(Freshness).Module;
        var folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(prelude) ?? "", libraries));
        // A library loaded from there is current.
        if (loaded.FullyQualifiedName.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            || !File.Exists(loaded.FullyQualifiedName)
            || Directory.EnumerateFiles(Path.GetDirectoryName(loaded.FullyQualifiedName)!, "Makemore*.dll").All(IsCurrent))
            return;
        throw Shell.OfProcess().Stop(
            "makemore", [Fault.Of("Makemore was rebuilt since this script was cached: run it once with --no-cache")]);

        bool IsCurrent(string library) =>
            Path.Combine(folder, Path.GetFileName(library)) is var built && (!File.Exists(built) || VersionOf(built) == VersionOf(library));
    }

    /// <summary>The module version id of a library, which differs for different contents.</summary>
    internal static Guid VersionOf(string path)
    {
        using var reader = new PEReader(File.OpenRead(path));
        var metadata = reader.GetMetadataReader();
        return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
    }
}
