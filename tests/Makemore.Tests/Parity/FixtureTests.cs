using System.Diagnostics;
using System.Runtime.CompilerServices;
using Makemore.Tests.Script;

namespace Makemore.Tests;

/// <summary>The fixtures are what their generators make: one command makes them again, to the byte.</summary>
public sealed class FixtureTests
{
    private static readonly string Tests = Path.Combine(HostProcess.Repository, "tests");

    [PyTorchTheory, InlineData("Optimizers"), InlineData("Parity"), InlineData("Tensors")]
    public void Generator_MakesTheFixturesAgain(string folder)
    {
        using var copy = new TemporaryFolder();
        var made = Directory.CreateDirectory(copy[Path.Combine("tests", "Makemore.Tests", folder)]).FullName;
        var models = Directory.CreateDirectory(copy[Path.Combine("tests", "PyTorch")]).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(Tests, "PyTorch"), "*.py"))
            File.Copy(file, Path.Combine(models, Path.GetFileName(file)));
        var generator = Path.Combine(made, "generate.py");
        var committed = Path.Combine(Tests, "Makemore.Tests", folder);
        File.Copy(Path.Combine(committed, "generate.py"), generator);

        Assert.Equal(0, PyTorchTheoryAttribute.Run(PyTorchTheoryAttribute.Python!, "-W", "ignore", generator));

        var fixtures = Directory.GetFiles(committed, "*.safetensors").Select(Path.GetFileName).Order(StringComparer.Ordinal);
        Assert.Equal(
            fixtures, Directory.GetFiles(made, "*.safetensors").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(fixtures, name => Assert.Equal(
            File.ReadAllBytes(Path.Combine(committed, name!)), File.ReadAllBytes(Path.Combine(made, name!))));
    }
}

/// <summary>A table of tests that need PyTorch; skipped where no python3 has it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PyTorchTheoryAttribute : TheoryAttribute
{
    public PyTorchTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) =>
        Skip = Python is null ? "No python3 has PyTorch (Debian: apt-get install python3-torch libopenblas0-pthread)." : null;

    /// <summary>The first Python that has PyTorch; null if none has.</summary>
    public static string? Python { get; } = new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(python =>
        Run(python, "-c", "import importlib.util, sys; sys.exit(importlib.util.find_spec('torch') is None)") == 0);

    /// <summary>The exit code of a program, run with OpenBLAS's own choice of kernels; 1 if it cannot be started.</summary>
    public static int Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments);
        start.Environment.Remove("OPENBLAS_CORETYPE");
        start.Environment.Remove("OPENBLAS_L2_SIZE");
        try
        {
            using var process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return 1;
        }
    }
}
