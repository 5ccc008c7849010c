using System.Runtime.CompilerServices;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>The engines by name.</summary>
public static class Engines
{
    /// <summary>The engine in C#, which is always available.</summary>
    public const string Managed = "managed";

    /// <summary>The libtorch engine, which is available once it is built.</summary>
    public const string Torch = "torch";

    /// <summary>The command that builds the libtorch engine.</summary>
    public const string TorchBuild = "dotnet build src/Makemore.TorchSharp";

    // About 20 ms: that long the runtime keeps the other core busy with compiling.
    private const long SingleThreadedWork = 20_000_000;

    /// <summary>Opens an engine; a fault if it has not been built, cannot be loaded, or has no such device.</summary>
    /// <param name="name">One of <see cref="Managed"/> or <see cref="Torch"/>.</param>
    /// <param name="device">cpu, cuda, cuda:N or mps; the managed engine only has the CPU.</param>
    /// <param name="threads">The maximum number of threads on the CPU.</param>
    /// <param name="near">A file of the project, from which the engine is searched for; the compiler passes it.</param>
    public static Either<Fault, IEngine> Open(
        string name, string device, int threads, [CallerFilePath] string near = "")
    {
        if (name == Managed)
            return Right<Fault, IEngine>(ManagedEngine.Create(threads, SingleThreadedWork));
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
        // The library may be a script host's copy outside the project; then the script leads there.
        var file = ProjectFile.Find(typeof(Engines).Assembly.Location, path) ?? ProjectFile.Find(near, path)
            ?? throw new EngineException(
                $"the libtorch engine has not been built; run `{TorchBuild}` (a download of 160 MB, about two minutes)");
        return EngineLibrary.Load(file, "the libtorch engine", $"`dotnet build`, then `{TorchBuild}`")
            .Opener<Func<string, int, IEngine>>("Makemore.TorchEngine");
    }
}
