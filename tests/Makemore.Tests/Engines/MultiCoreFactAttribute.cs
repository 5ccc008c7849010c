namespace Makemore.Tests;

/// <summary>A test of what is left to another core: skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CoresFactAttribute : FactAttribute
{
    public CoresFactAttribute() => Skip = Environment.ProcessorCount > 1 ? null : "There is one core here.";
}
