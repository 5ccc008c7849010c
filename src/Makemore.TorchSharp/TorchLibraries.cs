using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace Makemore;

/// <summary>libtorch and its binding, loaded by full path from the folder of this library: a script host that has copied the
/// managed library elsewhere finds them no other way.</summary>
internal static class TorchLibraries
{
    private const string BindingName = "LibTorchSharp";

    // Of the libstdc++ of GCC 13. The binding needs it for one symbol, and no code of the binding uses that.
    private const string MissingVersion = "GLIBCXX_3.4.32";

    private static readonly Lazy<nint> LoadedBinding = new(LoadBinding);

    /// <summary>The file of the binding.</summary>
    public static string Binding { get; } = PathOf(BindingName);

    /// <summary>Loads what a device needs. On Windows the libraries for CUDA have an order of their own, which the managed
    /// binding knows.</summary>
    /// <exception cref="DllNotFoundException">A library is missing, or does not suit the system.</exception>
    public static void Load(DeviceType kind)
    {
        if (OperatingSystem.IsWindows())
            return;
        var library = PathOf(kind == DeviceType.CUDA ? "torch_cuda" : "torch_cpu");
        if (File.Exists(library))
            NativeLibrary.Load(library);
        _ = LoadedBinding.Value;
    }

    private static nint LoadBinding()
    {
        try
        {
            return NativeLibrary.Load(Binding);
        }
        catch (DllNotFoundException fault) when (fault.Message.Contains(MissingVersion, StringComparison.Ordinal))
        {
            var copy = NativeLibrary.Load(WriteCopy());
            AssemblyLoadContext.GetLoadContext(typeof(torch).Assembly)!.ResolvingUnmanagedDll +=
                (_, name) => name == BindingName ? copy : 0;
            return copy;
        }
    }

    /// <summary>Writes a copy of the binding that does without the missing version, if it is not there yet, and says so.</summary>
    /// <returns>The file.</returns>
    private static string WriteCopy()
    {
        var copy = PathOf($"{BindingName}.weak");
        var library = File.ReadAllBytes(Binding);
        WeakVersion.Mark(library, MissingVersion);
        if (File.Exists(copy) && library.AsSpan().SequenceEqual(File.ReadAllBytes(copy)))
            return copy;
        // Other processes may have loaded the file, so it is replaced in a single step.
        var complete = $"{copy}.{Path.GetRandomFileName()}";
        File.WriteAllBytes(complete, library);
        File.Move(complete, copy, overwrite: true);
        Console.Error.WriteLine(
            $"makemore: {Path.GetFileName(Binding)} needs {MissingVersion}, which this system lacks: wrote a copy that does without, {copy}");
        return copy;
    }

    private static string PathOf(string name) => Path.Combine(
        Path.GetDirectoryName(typeof(TorchEngine).Assembly.Location)!,
        OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so");
}
