using System.Globalization;

namespace Makemore;

/// <summary>A device by name: cpu, cuda, cuda:N or mps.</summary>
/// <param name="Kind">cpu, cuda or mps.</param>
/// <param name="Index">Which one of several; 0 if the name has none.</param>
internal sealed record DeviceName(string Kind, int Index)
{
    /// <summary>The device of a name.</summary>
    /// <exception cref="EngineException">It is no name of a device.</exception>
    public static DeviceName Parse(string name) => name.Split(':') switch
    {
        ["cpu" or "cuda" or "mps"] => new(name, 0),
        ["cuda", var text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) => new("cuda", index),
        _ => throw new EngineException($"{name} is not a device: give one of cpu, cuda, cuda:N, mps"),
    };

    /// <summary>Requires that it is one of a number of devices of its kind.</summary>
    /// <exception cref="EngineException">It is none of them.</exception>
    public void RequireOneOf(int count)
    {
        if (Index >= count)
            throw new EngineException((Kind, count) switch
            {
                ("cuda", 0) => "libtorch finds no CUDA device: it takes an NVIDIA GPU, its driver, and a build with "
                    + "-p:TorchPackage=libtorch-cuda-12.8-linux-x64 (or -win-x64)",
                ("cuda", 1) => $"there is no device cuda:{Index}: libtorch finds one, cuda:0",
                ("cuda", _) => $"there is no device cuda:{Index}: libtorch finds cuda:0 to cuda:{count - 1}",
                _ => $"libtorch finds no such device on this machine: {Kind} takes a Mac with Apple silicon",
            });
    }
}
