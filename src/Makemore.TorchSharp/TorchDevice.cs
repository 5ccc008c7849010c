using System.Globalization;
using TorchSharp;

namespace Makemore;

/// <summary>libtorch's devices by name.</summary>
internal static class TorchDevice
{
    /// <summary>The device of a name (cpu, cuda, cuda:N, mps), with its part of libtorch loaded.</summary>
    /// <exception cref="EngineException">There is no such device, or libtorch cannot be loaded.</exception>
    public static torch.Device Open(string name)
    {
        var (kind, index) = Split(name);
        Load(kind);
        var count = kind == DeviceType.CUDA ? torch.cuda.device_count() : 1;
        return index < count
            ? new(kind, kind == DeviceType.CUDA ? index : -1)
            : throw new EngineException($"there is no device {name}: libtorch sees {count} CUDA devices, the first is cuda:0");
    }

    private static (DeviceType Kind, int Index) Split(string name) => name.Split(':') switch
    {
        ["cpu"] => (DeviceType.CPU, 0),
        ["mps"] => (DeviceType.MPS, 0),
        ["cuda"] => (DeviceType.CUDA, 0),
        ["cuda", var text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) =>
            (DeviceType.CUDA, index),
        _ => throw new EngineException($"{name} is not a device: give one of cpu, cuda, cuda:N, mps"),
    };

    /// <summary>Loads libtorch. Its binding would look for it elsewhere too, copy it, and print pages about a failure; the
    /// fault's one line stands for them.</summary>
    private static void Load(DeviceType kind)
    {
        var output = Console.Out;
        Console.SetOut(TextWriter.Null);
        try
        {
            TorchLibraries.Load(kind);
            if (!torch.TryInitializeDeviceType(kind))
                throw new EngineException(WhyMissing(kind));
        }
        catch (Exception fault) when (fault is not EngineException)
        {
            throw TorchFaults.OfLoading(fault);
        }
        finally
        {
            Console.SetOut(output);
        }
    }

    private static string WhyMissing(DeviceType kind) => kind == DeviceType.CUDA
        ? "libtorch finds no CUDA device: it takes an NVIDIA GPU, its driver, and a build with "
          + "-p:TorchPackage=libtorch-cuda-12.8-linux-x64 (or -win-x64)"
        : "libtorch finds no such device on this machine: mps takes a Mac with Apple silicon";
}
