using System.Diagnostics;
using System.Globalization;

namespace Makemore.Benchmarks;

/// <summary>
/// A table of the Transformer's training step as it grows, here and in PyTorch, taking turns: milliseconds, the rate of
/// floating-point operations in its matrix products, that rate as a share of the product kernel's on the same cores, and peak
/// memory.
/// </summary>
/// <remarks>The rate counts all products, and the time is that of the whole step. Memory is the peak resident set of a process
/// that takes a few steps, without what it had before it created the parameters.</remarks>
internal static class SizeTable
{
    private const int Rounds = 5, MinSteps = 2, MaxSteps = 200, StepsForMemory = 4;
    private const double MillisecondsPerTurn = 400;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);
    private static readonly int Threads = Math.Min(2, Environment.ProcessorCount);

    public static void Print(IEnumerable<GptSize> sizes)
    {
        System.Console.WriteLine(
            "| layers × width | block, batch | ms per step | GFLOP/s | of the kernel's rate | PyTorch, 1 thread | 2 threads | ratio | MB | PyTorch's MB |");
        System.Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var size in sizes)
            System.Console.WriteLine(Row(size));
    }

    /// <summary>Prints the peak memory in MB of a few steps of a size.</summary>
    public static void PrintMemory(GptSize size)
    {
        // The first model of a process takes the compiler with it.
        _ = Stepper.Of(new(Layers: 1, Heads: 1, Embd: 8, Block: 16, Batch: 1), Threads);
        var begin = Stepper.Prepared(size, Threads);
        // Makes the peak what is resident now.
        if (OperatingSystem.IsLinux())
            File.WriteAllText("/proc/self/clear_refs", "5");
        var before = ResidentMegabytes("VmHWM");
        begin().Time(StepsForMemory);
        System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ResidentMegabytes("VmHWM") - before:0}"));
    }

    private static string Row(GptSize size)
    {
        using TorchSteps? one = TorchSteps.Start(1), two = TorchSteps.Start(2);
        var stepper = Stepper.Of(size, Threads);
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < WarmUp;)
            stepper.Time(1);
        var steps = Math.Clamp((int)(MillisecondsPerTurn / stepper.Time(3).Median()), MinSteps, MaxSteps);
        var torchMemory = two?.Memory(size, StepsForMemory);
        one?.Time(size, 2);
        List<double> ours = [], single = [], dual = [], rates = [];
        for (var round = 0; round < Rounds; round++)
        {
            ours.AddRange(Turn(stepper.Time, steps));
            rates.Add(ProductTime.KernelRate(Threads));
            single.AddRange(Turn(n => one?.Time(size, n) ?? [], Math.Max(MinSteps, steps / 4)));
            ours.AddRange(Turn(stepper.Time, steps));
            dual.AddRange(Turn(n => two?.Time(size, n) ?? [], Math.Max(MinSteps, steps / 4)));
        }
        var (mine, theirs) = (ours.Median(), Math.Min(single.Median(), dual.Median()));
        var rate = stepper.Products().Sum(product => product.Flops) / mine / 1e6;
        return string.Create(CultureInfo.InvariantCulture,
            $"| {size.Layers} × {size.Embd} | {size.Block}, {size.Batch} | {mine:0.0} | {rate:0} | {rate / rates.Median():0 %} | "
            + $"{single.Median():0.0} | {dual.Median():0.0} | {theirs / mine:0.0} | {Memory(size)} | {torchMemory:0} |");
    }

    /// <summary>The milliseconds of a number of steps, after a pause and a step that is not counted.</summary>
    private static double[] Turn(Func<int, double[]> time, int steps)
    {
        Thread.Sleep(Pause);
        return [.. time(steps + 1).Skip(1)];
    }

    private static string Memory(GptSize size)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        foreach (var argument in (string[])[.. Assembly, "memory", size.Name])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        return process.StandardOutput.ReadToEnd().Trim();
    }

    // "dotnet run" starts the program's own executable, "dotnet FILE" the runtime.
    private static string[] Assembly => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? [typeof(SizeTable).Assembly.Location]
        : [];

    /// <summary>A figure of this process from the kernel's status file; NaN where there is none.</summary>
    private static double ResidentMegabytes(string name) => !OperatingSystem.IsLinux()
        ? double.NaN
        : File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal)) is var line
            ? double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024
            : double.NaN;
}
