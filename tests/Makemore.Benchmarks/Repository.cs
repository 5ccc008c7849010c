using System.Runtime.CompilerServices;

namespace Makemore.Benchmarks;

/// <summary>Paths in the repository that the benchmarks were built in.</summary>
internal static class Repository
{
    /// <summary>The root folder.</summary>
    public static string Folder { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    /// <summary>The names.</summary>
    public static string Words => Path.Combine(Folder, "data", "names.txt");

    /// <summary>The path of a script.</summary>
    public static string Script(string name) => Path.Combine(Folder, "scripts", name + ".csx");

    /// <summary>The script host, which the solution's build creates.</summary>
    public static string Host => Path.Combine(Folder, "artifacts", "bin", "Makemore.Script", "release", "dotnet-script.dll");

    private static string Here([CallerFilePath] string path = "") => path;
}
