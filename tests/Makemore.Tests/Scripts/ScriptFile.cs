using System.Text.RegularExpressions;
using Makemore.Tests.Script;

namespace Makemore.Tests.Scripts;

/// <summary>A script with a model; new ones, tweaks included, are found and tested automatically.</summary>
/// <param name="name">The path in scripts/, without the extension: mlp, tweaks/gated-mlp.</param>
internal sealed partial class ScriptFile(string name)
{
    private static readonly string Folder = Path.Combine(HostProcess.Repository, "scripts");
    private static readonly Dictionary<string, ScriptFile> Known = Find().ToDictionary(script => script.Name);

    private readonly Lazy<string> _help = new(() =>
    {
        var outcome = InProcess.Run(PathOf(name), ScriptProcess.Folder, ["--help"]).Outcome;
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return outcome.Output;
    });

    /// <summary>All scripts with models.</summary>
    public static IReadOnlyCollection<ScriptFile> All => Known.Values;

    /// <summary>All scripts that can train, with the arguments that make them train: <c>bigram --neural</c>. Determined from the
    /// text of the scripts, because the rows of theories are needed before any test runs.</summary>
    public static IEnumerable<string> Trained =>
        from script in All
        let text = File.ReadAllText(script.FilePath)
        where text.Contains("Option.Training(", StringComparison.Ordinal)
        select text.Contains("\"--neural\"", StringComparison.Ordinal) ? $"{script.Name} --neural" : script.Name;

    /// <summary>The names of the scripts that can train, whose models have gradients.</summary>
    public static IEnumerable<string> Trainable => Trained.Select(script => script.Split(' ')[0]);

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>The full path.</summary>
    public string FilePath => PathOf(Name);

    /// <summary>The output of --help.</summary>
    public string Help => _help.Value;

    /// <summary>The long names of its options.</summary>
    public IReadOnlyList<string> Offers => [.. OptionLine().Matches(Help).Select(match => match.Groups[1].Value)];

    /// <summary>Whether its default learning-rate schedule is not constant.</summary>
    public bool IsScheduled => Offers.Contains("--schedule") && !ConstantRate().IsMatch(Help);

    /// <summary>Whether it counts by default, and then rejects options for training.</summary>
    public bool IsCounted => Offers.Contains("--neural");

    /// <summary>The script of a name.</summary>
    public static ScriptFile Of(string name) => Known[name];

    /// <summary>The full path of any script.</summary>
    public static string PathOf(string name) => Path.Combine(Folder, $"{name}.csx");

    /// <summary>Options with their values as arguments, without those that the script does not have.</summary>
    public string[] Arguments(params (string Option, string Value)[] wanted) =>
        [.. wanted.Where(pair => Offers.Contains(pair.Option)).SelectMany(pair => new[] { pair.Option, pair.Value })];

    private static IEnumerable<ScriptFile> Find() =>
        from path in Directory.EnumerateFiles(Folder, "*.csx", SearchOption.AllDirectories)
        where File.ReadAllText(path).Contains("run.Fit(", StringComparison.Ordinal)
        let name = Path.ChangeExtension(Path.GetRelativePath(Folder, path), null).Replace('\\', '/')
        orderby name
        select new ScriptFile(name);

    [GeneratedRegex(@"--schedule .*\[default: constant\]")]
    private static partial Regex ConstantRate();

    [GeneratedRegex(@"^\s+(?:-\S+, )*(--[a-z0-9-]+)", RegexOptions.Multiline)]
    private static partial Regex OptionLine();
}

/// <summary>Scripts as rows of theories.</summary>
internal static class ScriptTables
{
    public static TheoryData<string> Names(this IEnumerable<ScriptFile> scripts) => [.. scripts.Select(script => script.Name)];

    public static TheoryData<string, string> Rows(this IEnumerable<(string, string)> pairs)
    {
        var rows = new TheoryData<string, string>();
        foreach (var (first, second) in pairs)
            rows.Add(first, second);
        return rows;
    }
}
