namespace Makemore.Tests;

/// <summary>Devices of the engine on libtorch, on machines with a number of them.</summary>
public sealed class DeviceNameTests
{
    [Theory]
    [InlineData("cpu", 1)]
    [InlineData("mps", 1)]
    [InlineData("cuda", 1)]
    [InlineData("cuda:0", 1)]
    [InlineData("cuda:3", 4)]
    public void Device_ThatIsThere_IsTaken(string name, int count)
    {
        var device = DeviceName.Parse(name);
        device.RequireOneOf(count);
        Assert.Equal(name.Split(':')[0], device.Kind);
        Assert.Equal(name.EndsWith('3') ? 3 : 0, device.Index);
    }

    [Theory]
    [InlineData("gpu", 1, "gpu is not a device: give one of cpu, cuda, cuda:N, mps")]
    [InlineData("", 1, " is not a device: give one of cpu, cuda, cuda:N, mps")]
    [InlineData("cpu:0", 1, "cpu:0 is not a device: give one of cpu, cuda, cuda:N, mps")]
    [InlineData("cuda:-1", 1, "cuda:-1 is not a device: give one of cpu, cuda, cuda:N, mps")]
    [InlineData("cuda:x", 1, "cuda:x is not a device: give one of cpu, cuda, cuda:N, mps")]
    [InlineData("cuda:1", 1, "there is no device cuda:1: libtorch finds one, cuda:0")]
    [InlineData("cuda:4", 4, "there is no device cuda:4: libtorch finds cuda:0 to cuda:3")]
    [InlineData(
        "cuda:4", 0,
        "libtorch finds no CUDA device: it takes an NVIDIA GPU, its driver, and a build with "
        + "-p:TorchPackage=libtorch-cuda-12.8-linux-x64 (or -win-x64)")]
    [InlineData("mps", 0, "libtorch finds no such device on this machine: mps takes a Mac with Apple silicon")]
    public void Device_ThatIsNotThere_IsAFaultOnOneLine(string name, int count, string message) =>
        Assert.Equal(message, Assert.Throws<EngineException>(() => DeviceName.Parse(name).RequireOneOf(count)).Message);
}
