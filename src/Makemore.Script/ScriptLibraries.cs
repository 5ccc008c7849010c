using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Makemore.Script;

/// <summary>
/// Loads a script's libraries, separately from the host's own: each from its own path, and what it depends on from the same
/// folder. If the framework has the same library, the newer one is used. A copy that was compiled ahead of time, in a folder
/// "ahead" next to the library, is used in its place: it starts sooner and is otherwise the same.
/// </summary>
/// <param name="references">The libraries that the script was compiled against.</param>
internal sealed class ScriptLibraries(Reference[] references) : AssemblyLoadContext("script")
{
    private static readonly string Framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    private readonly string[] folders = [.. references.Select(reference => Path.GetDirectoryName(reference.Path)!).Distinct()];

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var name = assemblyName.Name!;
        var path = Array.Find(references, reference => reference.Name == name)?.Path ?? Find([name + ".dll"]);
        return path is null || FrameworkHas(name, path) ? null : LoadFromAssemblyPath(Ahead(path));
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        var names = NativeNames(unmanagedDllName);
        var native = Path.Combine("runtimes", Platform(), "native");
        var path = Find([.. names, .. names.Select(name => Path.Combine(native, name))]);
        return path is null ? 0 : LoadUnmanagedDllFromPath(path);
    }

    private string? Find(string[] names) =>
        (from folder in folders
         from name in names
         let path = Path.Combine(folder, name)
         where File.Exists(path)
         select path).FirstOrDefault();

    private static bool FrameworkHas(string name, string path)
    {
        var framework = Path.Combine(Framework, name + ".dll");
        return File.Exists(framework) && VersionAt(framework) >= VersionAt(path);
    }

    private static Version VersionAt(string path) => AssemblyName.GetAssemblyName(path).Version!;

    private static string Ahead(string path)
    {
        var ahead = Path.Combine(Path.GetDirectoryName(path)!, "ahead", Path.GetFileName(path));
        return Reference.At(ahead) is { } copy && copy.Version == Reference.At(path)?.Version ? ahead : path;
    }

    private static string Platform()
    {
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        return $"{system}-{RuntimeInformation.ProcessArchitecture}".ToLowerInvariant();
    }

    private static string[] NativeNames(string name) =>
        OperatingSystem.IsWindows() ? [name, name + ".dll"]
        : OperatingSystem.IsMacOS() ? [name, $"lib{name}.dylib", name + ".dylib"]
        : [name, $"lib{name}.so", name + ".so"];
}
