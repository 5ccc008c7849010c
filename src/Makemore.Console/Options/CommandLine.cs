using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Help;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>A parsed command line; the only place where options are looked up by name.</summary>
/// <param name="Entries">All options.</param>
/// <param name="Given">The options that were given, and their texts.</param>
/// <param name="Operands">The positional arguments: the runs to compare.</param>
/// <param name="Values">The values of all options.</param>
/// <param name="Help">The help text if --help was given, otherwise null.</param>
internal sealed record CommandLine(
    ImmutableArray<OptionEntry> Entries, ImmutableArray<(OptionEntry Entry, string Text)> Given, ImmutableArray<string> Operands,
    ImmutableDictionary<string, object?> Values, string? Help)
{
    /// <summary>Parses a command line, or returns all its faults.</summary>
    /// <param name="script">The name of the script, for --help.</param>
    /// <param name="description">What the script does, for --help.</param>
    /// <param name="entries">The options of the script.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="operands">The positional arguments that it accepts, if any.</param>
    public static Validation<Fault, CommandLine> Parse(
        string script, string description, IEnumerable<OptionEntry> entries, IEnumerable<string> arguments,
        Argument<string[]>? operands = null)
    {
        var known = entries.Select(entry => (Entry: entry, Option: ToOption(entry))).ToArray();
        var result = ToCommand(description, known.Select(pair => pair.Option), operands)
            .Parse([.. arguments], new() { ResponseFileTokenReplacer = null });
        var line = new CommandLine(
            [.. known.Select(pair => pair.Entry)], [], [],
            known.ToImmutableDictionary(pair => pair.Entry.Name, pair => pair.Entry.Default), null);
        if (result.Action is HelpAction help)
            return Success<Fault, CommandLine>(line with { Help = HelpText(script, help, result) });
        if (WithoutValue([.. known.Select(pair => pair.Entry)], [.. arguments]).ToArray() is { Length: > 0 } incomplete)
            return Failed<CommandLine>(incomplete);
        if (result.Errors.Count > 0)
            return Failed<CommandLine>(Errors(result));
        return (line with
        {
            Operands = operands is null ? [] : [.. result.GetValue(operands) ?? []],
            Given =
            [
                .. from pair in known
                   let given = result.GetResult(pair.Option)
                   where given is { Implicit: false }
                   select (pair.Entry, pair.Entry.IsSwitch ? $"{given.GetValueOrDefault<bool>()}" : given.GetValueOrDefault<string>()),
            ],
        }).Over(ImmutableSortedDictionary<string, string>.Empty);
    }

    /// <summary>
    /// Merges the command line with the options of a saved run, which are the defaults. A given option that differs from the
    /// saved one is a fault.
    /// </summary>
    public Validation<Fault, CommandLine> Over(ImmutableSortedDictionary<string, string> saved) => Over(saved, mayDiffer: false);

    /// <summary>Merges the command line with other defaults.</summary>
    public Validation<Fault, CommandLine> WithDefaults(ImmutableSortedDictionary<string, string> defaults) =>
        Over(defaults, mayDiffer: true);

    private Validation<Fault, CommandLine> Over(ImmutableSortedDictionary<string, string> saved, bool mayDiffer)
    {
        var kept = Entries
            .Where(entry => !entry.Spec.IsFree && saved.GetValueOrDefault(entry.Name) is { Length: > 0 })
            .Select(entry => (Entry: entry, Text: saved[entry.Name]));
        var read = kept.Concat(Given)
            .Select(option => (option.Entry, Value: option.Entry.Read(option.Text).MapLeft(
                fault => fault.In($"{option.Entry.Name} {Fault.Quoted(option.Text)}".TrimEnd()))))
            .ToArray();
        var values = read.Aggregate(Values, (all, option) => option.Value.Match(value => all.SetItem(option.Entry.Name, value), _ => all));
        var conflicts =
            from given in Given
            let name = given.Entry.Name
            let value = OptionEntry.Show(values[name])
            where !mayDiffer && !given.Entry.Spec.IsFree && (saved.ContainsKey(name) || (given.Entry.Spec.IsOmittedIfUnset && saved.Count > 0))
            let before = saved.GetValueOrDefault(name, "")
            where before != value
            select Fault.Of(
                $"{name} {value}: the saved run has {(before is "" ? "none" : before)}; "
                + "omit the option, or start a new run");
        Fault[] faults = [.. read.SelectMany(option => option.Value.LeftToSeq()), .. conflicts];
        return faults.Length > 0 ? Failed<CommandLine>(faults) : Success<Fault, CommandLine>(this with { Values = values });
    }

    /// <summary>The values as a record of options.</summary>
    public R To<R>()
        where R : new()
    {
        var record = new R();
        foreach (var property in typeof(R).GetProperties().Where(property => property.IsDefined(typeof(OptionAttribute), inherit: false)))
            if (Values.TryGetValue(OptionEntry.NameOf(property.Name), out var value))
                property.SetValue(record, value);
        return record;
    }

    /// <summary>The options that a run's results depend on, with their values as text.</summary>
    public ImmutableSortedDictionary<string, string> ResultOptions() => Entries
        .Where(entry => !entry.Spec.IsFree && !(entry.Spec.IsOmittedIfUnset && Values[entry.Name] is null))
        .ToImmutableSortedDictionary(entry => entry.Name, entry => OptionEntry.Show(Values[entry.Name]), StringComparer.Ordinal);

    /// <summary>The value of an option of the script's own.</summary>
    public T Get<T>(Option<T> option) => Values.TryGetValue(option.Name, out var value)
        ? (T)value!
        : throw new InvalidOperationException($"The script uses {option.Name}, but does not offer it: pass it to Open.");

    /// <summary>Whether the option of a property was given.</summary>
    public bool IsGiven(string property) => Given.Any(given => given.Entry.Name == OptionEntry.NameOf(property));

    /// <summary>The first of some options that was given, if any.</summary>
    public string? FirstGiven(IEnumerable<OptionEntry> among) =>
        among.FirstOrDefault(entry => Given.Any(given => given.Entry.Name == entry.Name))?.Name;

    private static Validation<Fault, T> Failed<T>(IEnumerable<Fault> faults) => Validation<Fault, T>.Fail(Seq(faults));

    /// <summary>The options at the end, or with another option where their value should be, which the parser takes for it.</summary>
    private static IEnumerable<Fault> WithoutValue(OptionEntry[] entries, string[] arguments) =>
        from i in Enumerable.Range(0, arguments.Length)
        where entries.Any(entry => !entry.IsSwitch && entry.HasName(arguments[i]))
            && (i + 1 == arguments.Length || entries.Any(entry => entry.HasName(arguments[i + 1])))
        select Fault.Of($"{arguments[i]}: its value is missing (--help lists the options)");

    private static IEnumerable<Fault> Errors(ParseResult result)
    {
        // The value of an unknown option is unknown, too, but it is the same mistake.
        var unknown = result.UnmatchedTokens;
        var values = unknown.Where((token, i) => i > 0 && token is not ['-', ..] && unknown[i - 1] is ['-', ..]).ToArray();
        return
            from error in result.Errors
            where !values.Any(value => error.Message.Contains($"'{value}'", StringComparison.Ordinal))
            select Fault.Of($"{error.Message.TrimEnd('.')} (--help lists the options)");
    }

    private static RootCommand ToCommand(
        string description, IEnumerable<System.CommandLine.Option> options, Argument<string[]>? operands)
    {
        var command = new RootCommand(description);
        foreach (var extra in command.Options.Where(option => option is not HelpOption).ToArray())
            command.Options.Remove(extra);
        foreach (var option in options)
            command.Options.Add(option);
        if (operands is not null)
            command.Arguments.Add(operands);
        return command;
    }

    private static System.CommandLine.Option ToOption(OptionEntry entry)
    {
        string[] aliases = entry.Spec.Alias is { } alias ? [alias] : [];
        if (entry.IsSwitch)
            return new System.CommandLine.Option<bool>(entry.Name, aliases) { Description = entry.Spec.Help };
        // The actual default replaces the one that the help text mentions.
        var text = OptionEntry.Show(entry.Default);
        var option = new System.CommandLine.Option<string>(entry.Name, aliases)
        {
            Description = text.Length > 0 ? entry.Spec.Help.Split(" [default:")[0] : entry.Spec.Help,
        };
        if (text.Length > 0)
            option.DefaultValueFactory = _ => text;
        return option;
    }

    private static string HelpText(string script, HelpAction help, ParseResult result)
    {
        var text = new StringWriter();
        result.InvocationConfiguration.Output = text;
        help.Invoke(result);
        return text.ToString().Replace(RootCommand.ExecutableName, Start(script, AppContext.GetData("EntryPointFilePath") is not null));
    }

    /// <summary>The command that starts a program with options, by the file that calls the library.</summary>
    /// <param name="script">The name of the file.</param>
    /// <param name="isAlone">Whether it is a program without a project.</param>
    internal static string Start(string script, bool isAlone) => Path.GetExtension(script) switch
    {
        ".csx" => $"dotnet script {script} --",
        ".fsx" => $"dotnet fsi {script}",
        _ => isAlone ? $"dotnet run {script} --" : "dotnet run --",
    };
}
