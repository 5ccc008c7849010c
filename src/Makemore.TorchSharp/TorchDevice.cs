using TorchSharp;

namespace Makemore;

/// <summary>libtorch's devices by name.</summary>
internal static class TorchDevice
{
    /// <summary>The device of a name, with its part of libtorch loaded.</summary>
    /// <exception cref="EngineException">There is no such device, or libtorch cannot be loaded.</exception>
    public static torch.Device Open(string name)
    {
        var device = DeviceName.Parse(name);
        var kind = device.Kind switch
        {
            "cuda" => DeviceType.CUDA,
            "mps" => DeviceType.MPS,
            _ => DeviceType.CPU,
        };
        var isThere = Load(kind);
        device.RequireOneOf(!isThere ? 0 : kind == DeviceType.CUDA ? torch.cuda.device_count() : 1);
        return new(kind, kind == DeviceType.CUDA ? device.Index : -1);
    }

    /// <summary>Loads libtorch. Its binding would look for it elsewhere too, copy it, and print pages about a failure; the
    /// fault's one line stands for them.</summary>
    /// <returns>Whether it finds a device of that kind.</returns>
    private static bool Load(DeviceType kind)
    {
        var output = Console.Out;
        Console.SetOut(TextWriter.Null);
        try
        {
            TorchLibraries.Load(kind);
            return torch.TryInitializeDeviceType(kind);
        }
        catch (Exception fault)
        {
            throw TorchFaults.OfLoading(fault);
        }
        finally
        {
            Console.SetOut(output);
        }
    }
}
