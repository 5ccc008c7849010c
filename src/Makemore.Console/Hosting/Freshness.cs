using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>Whether a script runs on the library that was built last.</summary>
public static class Freshness
{
    /// <summary>Ends the program with a line where a script host has kept an older copy of the library than the one in
    /// the folder that the prelude refers to, as dotnet-script does with its cache.</summary>
    /// <param name="prelude">The prelude's path; the compiler gives it.</param>
    public static void Require([CallerFilePath] string prelude = "")
    {
        var loaded = typeof(Freshness).Module;
        var folder = Path.GetFullPath(Path.Combine(
            Path.GetDirectoryName(prelude) ?? "", "..", "artifacts", "bin", "Makemore.Console", "release"));
        var built = Path.Combine(folder, loaded.Name);
        // What was loaded from there just now need not be read again.
        if (loaded.FullyQualifiedName.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            || !File.Exists(built) || VersionOf(built) == loaded.ModuleVersionId)
            return;
        System.Console.Error.WriteLine("Makemore was rebuilt since this script was cached: run it once with --no-cache.");
        Environment.Exit(1);
    }

    /// <summary>The mark of a library's contents: each build that changes something has another.</summary>
    internal static Guid VersionOf(string path)
    {
        using var reader = new PEReader(File.OpenRead(path));
        var metadata = reader.GetMetadataReader();
        return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
    }
}
