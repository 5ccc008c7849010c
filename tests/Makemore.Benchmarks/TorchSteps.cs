using System.Diagnostics;
using System.Globalization;

namespace Makemore.Benchmarks;

/// <summary>The same models in PyTorch, in a process of their own that answers questions a line at a time; absent where
/// there is no python3 with torch.</summary>
internal sealed class TorchSteps : IDisposable
{
    private readonly Process _process;

    private TorchSteps(Process process) => _process = process;

    /// <summary>What PyTorch calls itself.</summary>
    public string Version { get; private init; } = "";

    /// <summary>PyTorch with so many threads, from the first Python that has it.</summary>
    public static TorchSteps? Start(int threads)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "pytorch_steps.py");
        foreach (var python in (string[])["python3", "/usr/bin/python3"])
        {
            var start = new ProcessStartInfo(python, [script, Repository.Words, $"{threads}"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            var process = TryStart(start);
            if (process?.StandardOutput.ReadLine() is { } version)
                return new(process) { Version = version };
        }
        return null;
    }

    /// <summary>The milliseconds of each of the next steps of a model.</summary>
    public double[] Time(string model, int steps, bool trim) => Ask($"{model} {steps} {(trim ? "trim" : "whole")}");

    /// <summary>The rate of its matrix products on one thread, in GFLOP/s.</summary>
    public double Rate() => Ask("rate")[0];

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private double[] Ask(string question)
    {
        _process.StandardInput.WriteLine(question);
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"PyTorch: {_process.StandardError.ReadToEnd()}");
        return [.. answer.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
    }

    private static Process? TryStart(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
