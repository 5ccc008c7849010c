using System.Reflection;
using System.Runtime.Loader;

namespace Makemore;

/// <summary>
/// An engine in a library of its own, with all that it needs beside it. Nothing refers to the library, so that the
/// project builds without it.
/// </summary>
/// <remarks>It sees the Makemore that is running, wherever that was loaded from, because its engine is one of that
/// Makemore's. Native libraries are loaded by their full paths: the search of a script host knows nothing of this
/// folder.</remarks>
internal sealed class EngineLibrary : AssemblyLoadContext
{
    private readonly string _file;
    private readonly AssemblyDependencyResolver _beside;

    private EngineLibrary(string file)
        : base(Path.GetFileNameWithoutExtension(file)) => (_file, _beside) = (file, new(file));

    /// <summary>The library in a file.</summary>
    /// <exception cref="EngineException">It was built for another Makemore than the one that is running.</exception>
    public static EngineLibrary Load(string file)
    {
        var core = typeof(IEngine).Module;
        var builtFor = Path.Combine(Path.GetDirectoryName(file)!, core.Name);
        return File.Exists(builtFor) && Freshness.VersionOf(builtFor) == core.ModuleVersionId
            ? new(file)
            : throw new EngineException(
                $"the engine on libtorch was built for another Makemore; run `dotnet build`, then `{Engines.TorchBuild}`");
    }

    /// <summary>What opens the engine of a type, from a device and a number of threads.</summary>
    public Func<string, int, IEngine> Opener(string type) => LoadFromAssemblyPath(_file)
        .GetType(type, throwOnError: true)!
        .GetMethod("Open", BindingFlags.Public | BindingFlags.Static, [typeof(string), typeof(int)])!
        .CreateDelegate<Func<string, int, IEngine>>();

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName) =>
        assemblyName.Name == typeof(IEngine).Assembly.GetName().Name ? typeof(IEngine).Assembly
        : _beside.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path)
        : null;

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _beside.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
}
