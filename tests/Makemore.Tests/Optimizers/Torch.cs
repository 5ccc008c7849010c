using System.Runtime.CompilerServices;

namespace Makemore.Tests;

/// <summary>Trajectories of PyTorch's optimizers on given gradients, written by generate.py.</summary>
internal static class Torch
{
    public const int Steps = 50;

    private static readonly Dictionary<string, Tensor> File = Safetensors
        .Read(Path.Combine(Path.GetDirectoryName(Here())!, "torch.safetensors")).Value()
        .Leaves.ToDictionary(leaf => leaf.Name, leaf => leaf.Value);

    /// <summary>The names of the trajectories and schedules.</summary>
    public static IEnumerable<string> Names => File.Keys.Where(name => name.EndsWith("/w") || name.StartsWith("schedule/"))
        .Select(name => name.EndsWith("/w") ? name[..^2] : name).Except(["start", "grads"]);

    /// <summary>A matrix and a vector.</summary>
    public static Leaf[] Start => [new("w", File["start/w"]), new("b", File["start/b"])];

    /// <summary>The gradients of each step.</summary>
    public static IEnumerable<Tensor[]> Grads => Enumerable.Range(0, Steps).Select(step => At("grads", step));

    /// <summary>The parameters after a step.</summary>
    public static Tensor[] At(string name, int step) => [File[$"{name}/w"].At(0, step), File[$"{name}/b"].At(0, step)];

    /// <summary>The learning rate at each step, for a base rate of 1.</summary>
    public static float[] Rates(string schedule) => File[schedule].ToArray();

    private static string Here([CallerFilePath] string path = "") => path;
}
