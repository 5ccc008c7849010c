using System.Diagnostics;
using System.Globalization;

namespace Makemore.Benchmarks;

/// <summary>The same models in PyTorch, in a process of their own that is controlled line by line; null without a python3 that
/// has torch.</summary>
/// <remarks>OpenBLAS uses the kernels that it chooses for the processor, whatever the environment says; those of the environment
/// only if the former are wrong or crash.</remarks>
internal sealed class TorchSteps : IDisposable
{
    private static readonly string[] KernelVariables = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"];

    private readonly Process _process;

    private TorchSteps(Process process) => _process = process;

    /// <summary>The version of PyTorch, and the processor whose kernels OpenBLAS uses.</summary>
    public string Version { get; private init; } = "";

    /// <summary>The speed of its matrix products on one core, in GFLOP/s; null without PyTorch.</summary>
    /// <remarks>torch.set_num_threads does not affect the threads of OpenBLAS.</remarks>
    public static double? Rate()
    {
        using var single = Start(1, ("OPENBLAS_NUM_THREADS", "1"));
        return single?.Ask("rate")[0];
    }

    /// <summary>Starts PyTorch with a number of threads, in the first Python that has it.</summary>
    public static TorchSteps? Start(int threads, params (string Name, string Value)[] environment)
    {
        foreach (var python in (string[])["python3", "/usr/bin/python3"])
            foreach (var unset in (string[][])[KernelVariables, []])
                if (TryStart(python, threads, environment, unset) is { } torch)
                    return torch;
        return null;
    }

    /// <summary>The milliseconds of each of the next steps of a model.</summary>
    public double[] Time(string model, int steps, bool trim) => Ask($"{model} {steps} {(trim ? "trim" : "whole")}");

    /// <summary>The milliseconds of each of the next steps of the Transformer in some size.</summary>
    public double[] Time(GptSize size, int steps) => Time(size.Torch, steps, trim: false);

    /// <summary>The seconds that a batch of sequences of the Transformer takes, sampled with a cache.</summary>
    public double Generate(GptSize size, int tokens) => Ask($"{size.Torch} generate {tokens}")[0];

    /// <summary>The peak memory in MB of the next steps, without that before the process created its first model.</summary>
    public double Memory(GptSize size, int steps)
    {
        _ = Time(size, steps);
        return Ask("memory")[0];
    }

    /// <summary>The seconds of training and the number of steps until a new model reaches a loss on the test words.</summary>
    public (double Seconds, int Steps) Until(string model, double loss, Corpus corpus)
    {
        string train = Path.GetTempFileName(), test = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(train, corpus.Split.Train.All());
            File.WriteAllLines(test, corpus.Split.Test.All());
            var answer = Ask(string.Create(CultureInfo.InvariantCulture, $"{model} until {loss} {train} {test}"));
            return (answer[0], (int)answer[1]);
        }
        finally
        {
            File.Delete(train);
            File.Delete(test);
        }
    }

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

    private static TorchSteps? TryStart(
        string python, int threads, (string Name, string Value)[] environment, string[] unset)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "pytorch_steps.py");
        var start = new ProcessStartInfo(python, [script, Repository.Words, $"{threads}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in unset)
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        try
        {
            var process = Process.Start(start)!;
            if (process.StandardOutput.ReadLine() is { } version)
                return new(process) { Version = version };
            process.Dispose();
            return null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
