using System.Runtime.CompilerServices;

namespace Makemore.Benchmarks;

/// <summary>Where things are in the tree that the benchmarks were built in.</summary>
internal static class Repository
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    /// <summary>The names.</summary>
    public static string Words => Path.Combine(Root, "data", "names.txt");

    /// <summary>A script's path.</summary>
    public static string Script(string name) => Path.Combine(Root, "scripts", name + ".csx");

    /// <summary>The script host; the solution's build makes it.</summary>
    public static string Host => Path.Combine(Root, "artifacts", "bin", "Makemore.Script", "release", "dotnet-script.dll");

    private static string Here([CallerFilePath] string path = "") => path;
}
