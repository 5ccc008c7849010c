using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Makemore;

/// <summary>
/// An engine, or another part of Makemore, in a library of its own, with its dependencies next to it. Nothing references the library,
/// so that programs that do without it never load it.
/// </summary>
/// <remarks>It shares the running Makemore assembly, wherever that was loaded from, because it implements its IEngine. Native
/// libraries are loaded by full path, because a script host does not search this folder.</remarks>
internal sealed class EngineLibrary : AssemblyLoadContext
{
    private readonly string _file;
    private readonly AssemblyDependencyResolver _resolver;

    private EngineLibrary(string file)
        : base(Path.GetFileNameWithoutExtension(file)) => (_file, _resolver) = (file, new(file));

    /// <summary>Loads a library.</summary>
    /// <param name="file">Its file.</param>
    /// <param name="name">What it is, for messages.</param>
    /// <param name="build">The command that builds it.</param>
    /// <exception cref="EngineException">It was built for another Makemore than the running one.</exception>
    public static EngineLibrary Load(string file, string name, string build)
    {
        var core = typeof(IEngine).Module;
        var builtFor = Path.Combine(Path.GetDirectoryName(file)!, core.Name);
        return File.Exists(builtFor) && Freshness.VersionOf(builtFor) == core.ModuleVersionId
            ? new(file)
            : throw new EngineException(
                $"{name} was built for another Makemore; run {build}");
    }

    /// <summary>A type's function Open.</summary>
    public F Opener<F>(string type)
        where F : Delegate => LoadFromAssemblyPath(_file)
        .GetType(type, throwOnError: true)!
        .GetMethod("Open", BindingFlags.Public | BindingFlags.Static)!
        .CreateDelegate<F>();

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName) =>
        assemblyName.Name == typeof(IEngine).Assembly.GetName().Name ? typeof(IEngine).Assembly
        : _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path)
        : null;

    /// <remarks>What does not load is left to the engine's own handler.</remarks>
    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path && NativeLibrary.TryLoad(path, out var library) ? library : 0;
}
