using System.Runtime.CompilerServices;

namespace Makemore.Tests;

/// <summary>A test that needs two cores; skipped on a machine with one.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MultiCoreFactAttribute : FactAttribute
{
    public MultiCoreFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Skip = Environment.ProcessorCount > 1 ? null : "This machine has one core.";
}
