namespace Makemore.Tests;

/// <summary>A test that needs two cores; skipped on a machine with one.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MultiCoreFactAttribute : FactAttribute
{
    public MultiCoreFactAttribute() => Skip = Environment.ProcessorCount > 1 ? null : "This machine has one core.";
}
