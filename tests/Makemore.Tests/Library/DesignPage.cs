using System.Globalization;
using System.Text.RegularExpressions;
using Makemore.Tests.Script;

namespace Makemore.Tests;

/// <summary>The parts of src/DESIGN.md that tests check.</summary>
internal static partial class DesignPage
{
    private static readonly string Text = File.ReadAllText(Path.Combine(HostProcess.Repository, "src", "DESIGN.md"));

    /// <summary>The folders of the library, with their rungs.</summary>
    public static IReadOnlyDictionary<string, int> Ladder { get; } = Rung().Matches(Text).ToDictionary(
        match => match.Groups[2].Value, match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

    /// <summary>The tests that it cites: class and method.</summary>
    public static IReadOnlyCollection<(string Class, string Method)> Tests { get; } =
        [.. Test().Matches(Text).Select(match => (match.Groups[1].Value, match.Groups[2].Value)).Distinct()];

    /// <summary>The numbers of the laws.</summary>
    public static IReadOnlyCollection<int> Laws { get; } =
        [.. Law().Matches(Text).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"^ ?(\d+)  (\w+)  ", RegexOptions.Multiline)]
    private static partial Regex Rung();

    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex Test();

    [GeneratedRegex(@"^(\d+)\. \*\*", RegexOptions.Multiline)]
    private static partial Regex Law();
}
