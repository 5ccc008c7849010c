namespace Makemore.Tests;

/// <summary>A test that needs Linux; skipped elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute(string reason) => Skip = OperatingSystem.IsLinux() ? null : $"Needs Linux: {reason}.";
}
