using System.Runtime.CompilerServices;

namespace Makemore.Benchmarks;

/// <summary>Where things are in the tree that the benchmarks were built in.</summary>
internal static class Repository
{
    /// <summary>The root of the tree.</summary>
    public static string Folder { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    /// <summary>The names.</summary>
    public static string Words => Path.Combine(Folder, "data", "names.txt");

    /// <summary>A script's path.</summary>
    public static string Script(string name) => Path.Combine(Folder, "scripts", name + ".csx");

    /// <summary>The script host; the solution's build makes it.</summary>
    public static string Host => Path.Combine(Folder, "artifacts", "bin", "Makemore.Script", "release", "dotnet-script.dll");

    private static string Here([CallerFilePath] string path = "") => path;
}
