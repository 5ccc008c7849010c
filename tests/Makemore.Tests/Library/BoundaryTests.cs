using System.Text.RegularExpressions;
using Makemore.Tests.Script;

namespace Makemore.Tests;

/// <summary>What only one place may do, read from the sources.</summary>
public sealed partial class BoundaryTests
{
    private static readonly string[] Projects = ["Makemore", "Makemore.Reports", "Makemore.WorkDirs", "Makemore.Console", "Makemore.Studies"];

    [Fact]
    public void Libraries_BelowTheConsole_KnowNoOptions() => Assert.Equal(
        [], Projects[..3].SelectMany(Lines).Where(line => OptionName().IsMatch(line.Text)).Select(line => $"{line.File}: {line.Text.Trim()}"));

    [Fact]
    public void Programs_AreEndedByTheShellAlone() => Assert.Equal(
        ["Shell.cs"],
        Projects.SelectMany(Lines)
            .Where(line => line.Text.Contains("Environment.Exit", StringComparison.Ordinal)).Select(line => line.File));

    /// <summary>The lines of a project's sources, without comments.</summary>
    private static IEnumerable<(string File, string Text)> Lines(string project) =>
        from path in Directory.EnumerateFiles(
            Path.Combine(HostProcess.Repository, "src", project), "*.cs", SearchOption.AllDirectories)
        from line in File.ReadLines(path)
        where !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
        select (Path.GetFileName(path), line);

    [GeneratedRegex("""\"[^\"]*--[a-z]""")]
    private static partial Regex OptionName();
}
