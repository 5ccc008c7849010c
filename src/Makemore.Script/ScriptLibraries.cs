using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Makemore.Script;

/// <summary>
/// The libraries of a script, apart from the host's own: each is loaded from where it lies, and what it needs in turn
/// is looked for beside it. Of a library that the framework has too, the newer one is taken. One that has been compiled
/// ahead of time, in a folder "ahead" beside it, starts sooner and is otherwise the same.
/// </summary>
/// <param name="references">The libraries that the script was compiled against.</param>
internal sealed class ScriptLibraries(Reference[] references) : AssemblyLoadContext("script")
{
    private static readonly string Framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    /// <summary>Loads all of them.</summary>
    public void LoadAll()
    {
        foreach (var reference in references)
            TryLoad(new AssemblyName(reference.Name));
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var path = Find(assemblyName.Name!);
        return path is null || FrameworkHas(assemblyName.Name!, path) ? null : LoadFromAssemblyPath(Ahead(path));
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        var found =
            from reference in references
            from folder in new[] { "", Path.Combine("runtimes", Platform(), "native") }
            from name in NativeNames(unmanagedDllName)
            let path = Path.Combine(FolderOf(reference), folder, name)
            where File.Exists(path)
            select path;
        return found.FirstOrDefault() is { } file ? LoadUnmanagedDllFromPath(file) : 0;
    }

    // What cannot be loaded is the script's to meet, if it comes to use it. Through the runtime, which would ask this context
    // all the same, the first would take longer than all others.
    private void TryLoad(AssemblyName name)
    {
        try
        {
            Load(name);
        }
        catch (Exception fault) when (fault is IOException or BadImageFormatException or UnauthorizedAccessException)
        {
            return;
        }
    }

    private string? Find(string name)
    {
        var named = Array.Find(references, reference => reference.Name == name)?.Path;
        var beside = Array.Find(references, reference => File.Exists(Path.Combine(FolderOf(reference), name + ".dll")));
        return named ?? (beside is null ? null : Path.Combine(FolderOf(beside), name + ".dll"));
    }

    private static bool FrameworkHas(string name, string path)
    {
        var framework = Path.Combine(Framework, name + ".dll");
        return File.Exists(framework) && VersionAt(framework) >= VersionAt(path);
    }

    private static string Ahead(string path)
    {
        var ahead = Path.Combine(Path.GetDirectoryName(path)!, "ahead", Path.GetFileName(path));
        return File.Exists(ahead) && ModuleVersion.At(ahead) == ModuleVersion.At(path) ? ahead : path;
    }

    private static string FolderOf(Reference reference) => Path.GetDirectoryName(reference.Path)!;

    private static Version VersionAt(string path) => AssemblyName.GetAssemblyName(path).Version!;

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
