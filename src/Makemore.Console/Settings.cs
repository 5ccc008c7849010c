using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>The options of a run, as a person gave them or by default.</summary>
public sealed class Settings
{
    // What changes only how a run is shown or how far it goes, and may differ when it is resumed. The words are known
    // by their hash instead of their path.
    private static readonly ImmutableHashSet<string> Free =
        ["--input-file", "--in-memory", "--engine", "--device", "--threads", "--max-steps", "--save-every", "--resume", "--work-dir", "--sample-only", "--num",
         "--temperature", "--top-k", "--top-p", "--prompt", "--max-length", "--check-gradients", "--overfit-batch",
         "--find-lr", "--diagnose", "--evaluate", "--explain", "--json", "--report-samples", "--max-seconds"];

    private readonly ParseResult _result;
    private readonly IReadOnlyList<string> _arguments;

    private Settings(ParseResult result, IReadOnlyList<string> arguments) => (_result, _arguments) = (result, arguments);

    /// <summary>Reads a script's arguments; every fault in them, where there are any. Help is printed, and ends the
    /// program.</summary>
    internal static Validation<Fault, Settings> Parse(
        string name, string description, IEnumerable<Offer> offers, IReadOnlyList<string> arguments,
        Argument<string[]>? folders = null)
    {
        var command = new RootCommand(description);
        if (folders is not null)
            command.Arguments.Add(folders);
        foreach (var extra in command.Options.Where(option => option is not HelpOption).ToArray())
            command.Options.Remove(extra);
        foreach (var option in offers.SelectMany(offer => offer.Options))
            command.Options.Add(option);
        var result = command.Parse(arguments, new() { ResponseFileTokenReplacer = null });
        if (result.Action is HelpAction help)
            Environment.Exit(PrintHelp(name, help, result));
        return result.Errors.Count == 0
            ? Success<Fault, Settings>(new(result, arguments))
            : Validation<Fault, Settings>.Fail(Seq(result.Errors.Select(AsFault).ToArray()));
    }

    /// <summary>The values of an argument that the script takes.</summary>
    internal string[] Get(Argument<string[]> argument) => _result.GetValue(argument) ?? [];

    /// <summary>The value of an option that the script offers.</summary>
    /// <exception cref="InvalidOperationException">The script does not offer it.</exception>
    public T Get<T>(string name) => Has(name)
        ? _result.GetValue<T>(name)!
        : throw new InvalidOperationException($"The script reads {name}, but does not offer it.");

    /// <summary>
    /// These arguments over the options of a saved run: what was not typed now is as it was then. What was typed and is
    /// another value than then is a fault, by name.
    /// </summary>
    internal Validation<Fault, ImmutableArray<string>> Over(ImmutableSortedDictionary<string, string> saved)
    {
        var options = _result.RootCommandResult.Command.Options.Where(IsBinding).ToArray();
        var faults = options
            .Where(option => IsTyped(option) && saved.TryGetValue(option.Name, out var then) && then != Show(option))
            .Select(option => Fault.Of(
                $"{option.Name} {Show(option)}: the saved run has {(saved[option.Name] is "" ? "none" : saved[option.Name])}; "
                + "leave the option out, or begin anew"))
            .ToArray();
        var kept = options
            .Where(option => !IsTyped(option) && saved.GetValueOrDefault(option.Name) != Show(option))
            .SelectMany(option => saved.GetValueOrDefault(option.Name) switch
            {
                null or "" or "False" => [],
                "True" => [option.Name],
                var value => new[] { option.Name, value },
            });
        return faults.Length > 0
            ? Validation<Fault, ImmutableArray<string>>.Fail(Seq(faults))
            : Success<Fault, ImmutableArray<string>>([.. kept, .. _arguments]);
    }

    /// <summary>Whether the script offers an option.</summary>
    public bool Has(string name) => _result.RootCommandResult.Command.Options.Any(option => option.Name == name);

    /// <summary>The options that a run's results depend on, as texts.</summary>
    internal ImmutableSortedDictionary<string, string> Binding() => _result.RootCommandResult.Command.Options
        .Where(IsBinding)
        .ToImmutableSortedDictionary(option => option.Name, Show, StringComparer.Ordinal);

    private static bool IsBinding(Option option) => option is not HelpOption && !Free.Contains(option.Name);

    /// <summary>Whether a person gave an option.</summary>
    internal bool IsTyped(Option option) => _result.GetResult(option) is { Implicit: false };

    private static Fault AsFault(ParseError error) => Fault.Of($"{error.Message.TrimEnd('.')} (--help lists the options)");

    private string Show(Option option) => _result.GetResult(option) is { } given
        ? Convert.ToString(given.GetValueOrDefault<object>(), CultureInfo.InvariantCulture) ?? ""
        : "";

    private static int PrintHelp(string name, HelpAction help, ParseResult result)
    {
        var text = new StringWriter();
        result.InvocationConfiguration.Output = text;
        help.Invoke(result);
        System.Console.Out.Write(text.ToString().Replace(RootCommand.ExecutableName, $"dotnet script {name} --"));
        return 0;
    }
}
