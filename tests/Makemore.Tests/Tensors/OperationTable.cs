using System.Text.RegularExpressions;
using Makemore.Tests.Script;

namespace Makemore.Tests;

/// <summary>The tables of src/Makemore/Tensors/README.md.</summary>
internal static partial class OperationTable
{
    private static readonly string Text = File.ReadAllText(
        Path.Combine(HostProcess.Repository, "src", "Makemore", "Tensors", "README.md"));

    /// <summary>The operations, by their names here.</summary>
    public static IReadOnlyList<string> Operations { get; } = [.. Names().Where(name => !name.Contains('.'))];

    /// <summary>What makes tensors of nothing else, with its class.</summary>
    public static IReadOnlyList<string> Creations { get; } = [.. Names().Where(name => name.Contains('.'))];

    private static IEnumerable<string> Names() => Row().Matches(Text).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"^\| `([\w.]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
