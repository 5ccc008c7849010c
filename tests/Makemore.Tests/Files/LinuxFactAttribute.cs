namespace Makemore.Tests;

/// <summary>A test of something that only Linux has at hand, such as a full disk; elsewhere it is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "This needs Linux.";
}
