using System.Runtime.InteropServices;
using TorchSharp;

namespace Makemore;

/// <summary>What libtorch's and its binding's exceptions mean to a person, in one line.</summary>
internal static class TorchFaults
{
    /// <summary>A failed operation. The shapes have been checked before, so what is left is the device; a message about
    /// anything else is a defect of the engine, and says so.</summary>
    public static Exception Of(ExternalException fault)
    {
        var line = FirstLine(fault.Message);
        return IsMemory(fault.Message)
            ? new EngineException($"the device is out of memory ({line}); a smaller --batch-size or model needs less", fault)
            : fault.Message.Contains("CUDA", StringComparison.Ordinal) || fault.Message.Contains("MPS", StringComparison.Ordinal)
                ? new EngineException($"the device failed: {line}", fault)
                : new InvalidOperationException($"libtorch refuses an operation: {line}", fault);
    }

    /// <summary>libtorch that cannot be loaded. The last line of such a message is the system's own.</summary>
    public static EngineException OfLoading(Exception fault)
    {
        var cause = fault;
        while (cause is TypeInitializationException { InnerException: { } inner })
            cause = inner;
        var reason = cause is DllNotFoundException
            ? cause.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1]
            : FirstLine(cause.Message);
        var remedy = cause is DllNotFoundException && File.Exists(TorchLibraries.Binding)
            ? "it needs Linux on x64 with glibc 2.34 and the libstdc++ of GCC 12 (Debian 12, Ubuntu 22.04, or newer), Windows, or a "
              + "Mac with Apple silicon"
            : "`dotnet build src/Makemore.TorchSharp` puts the right one beside the engine";
        var version = typeof(torch).Assembly.GetName().Version?.ToString(3);
        return new($"the libtorch of TorchSharp {version} cannot be loaded ({reason}); {remedy}", fault);
    }

    private static bool IsMemory(string message) =>
        message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
        || message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase)
        || message.Contains("not enough memory", StringComparison.OrdinalIgnoreCase);

    private static string FirstLine(string message) => message.Split('\n')[0].Trim().TrimEnd('.');
}
