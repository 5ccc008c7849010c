using System.Runtime.CompilerServices;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>The engines by name.</summary>
public static class Engines
{
    /// <summary>The engine in C#, which is always there.</summary>
    public const string Managed = "managed";

    /// <summary>The engine on libtorch, which is there once it has been built.</summary>
    public const string Torch = "torch";

    /// <summary>The command that builds the engine on libtorch.</summary>
    public const string TorchBuild = "dotnet build src/Makemore.TorchSharp";

    /// <summary>The names of all engines.</summary>
    public static IReadOnlyList<string> Names { get; } = [Managed, Torch];

    // Some 20 ms: the samples of a counted table, or the first losses of an MLP.
    private const long SerialWork = 20_000_000;

    /// <summary>Opens an engine; a fault where it has not been built, cannot be loaded, or has no such device.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="device">cpu, cuda, cuda:N or mps; the managed engine has only the CPU.</param>
    /// <param name="threads">The greatest number of threads on the CPU.</param>
    /// <param name="near">A file of the project's tree: the engine is looked for from there too; the compiler gives
    /// it.</param>
    public static Either<Fault, IEngine> Open(
        string name, string device, int threads, [CallerFilePath] string near = "")
    {
        if (name == Managed)
            return Right<Fault, IEngine>(ManagedEngine.Create(threads, SerialWork));
        try
        {
            return Right<Fault, IEngine>(OpenTorch(near)(device, threads));
        }
        catch (EngineException fault)
        {
            return Fault.Of(fault.Message);
        }
    }

    private static Func<string, int, IEngine> OpenTorch(string near)
    {
        string[] path = ["artifacts", "bin", "Makemore.TorchSharp", "release", "Makemore.TorchSharp.dll"];
        // The library may be a script host's copy, far from the project; then the script leads there.
        var file = ProjectFile.Find(typeof(Engines).Assembly.Location, path) ?? ProjectFile.Find(near, path)
            ?? throw new EngineException($"the engine on libtorch has not been built; run `{TorchBuild}`");
        return EngineLibrary.Load(file).Opener("Makemore.TorchEngine");
    }
}
