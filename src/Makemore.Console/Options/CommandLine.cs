using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Help;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>A command line, read: the only place where options are looked up by name.</summary>
/// <param name="Entries">The options that there are.</param>
/// <param name="Typed">The texts of those that were typed.</param>
/// <param name="Operands">What is no option: the runs to compare.</param>
/// <param name="Values">The values of all options.</param>
/// <param name="Help">What --help prints, where it was typed.</param>
internal sealed record CommandLine(
    ImmutableArray<OptionEntry> Entries, ImmutableArray<(OptionEntry Entry, string Text)> Typed, ImmutableArray<string> Operands,
    ImmutableDictionary<string, object?> Values, string? Help)
{
    /// <summary>Reads a command line; every fault in it, where there are any.</summary>
    /// <param name="script">The script's name, for --help.</param>
    /// <param name="description">What the script does, for --help.</param>
    /// <param name="entries">The options that there are.</param>
    /// <param name="arguments">What was typed.</param>
    /// <param name="operands">What else may be typed.</param>
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
        if (result.Errors.Count > 0)
            return Failed<CommandLine>(result.Errors.Select(error => Fault.Of($"{error.Message.TrimEnd('.')} (--help lists the options)")));
        return (line with
        {
            Operands = operands is null ? [] : [.. result.GetValue(operands) ?? []],
            Typed =
            [
                .. from pair in known
                   let given = result.GetResult(pair.Option)
                   where given is { Implicit: false }
                   select (pair.Entry, pair.Entry.IsSwitch ? $"{given.GetValueOrDefault<bool>()}" : given.GetValueOrDefault<string>()),
            ],
        }).Over(ImmutableSortedDictionary<string, string>.Empty);
    }

    /// <summary>
    /// The command line over the options of a saved run: what was not typed is as it was then. What was typed and has another
    /// value than then is a fault, by name.
    /// </summary>
    public Validation<Fault, CommandLine> Over(ImmutableSortedDictionary<string, string> saved)
    {
        var kept = Entries
            .Where(entry => !entry.Form.IsFree && saved.GetValueOrDefault(entry.Name) is { Length: > 0 })
            .Select(entry => (Entry: entry, Text: saved[entry.Name]));
        var read = kept.Concat(Typed)
            .Select(option => (option.Entry, Value: option.Entry.Read(option.Text).MapLeft(
                fault => fault.In($"{option.Entry.Name} {option.Text}"))))
            .ToArray();
        var values = read.Where(option => option.Value.IsRight).Aggregate(
            Values, (all, option) => all.SetItem(option.Entry.Name, (object)option.Value));
        var conflicts =
            from typed in Typed
            let name = typed.Entry.Name
            let value = OptionEntry.Show(values[name])
            where !typed.Entry.Form.IsFree && saved.TryGetValue(name, out var then) && then != value
            select Fault.Of(
                $"{name} {value}: the saved run has {(saved[name] is "" ? "none" : saved[name])}; "
                + "leave the option out, or start a new run");
        Fault[] faults = [.. read.SelectMany(option => option.Value.LeftToSeq()), .. conflicts];
        return faults.Length > 0 ? Failed<CommandLine>(faults) : Success<Fault, CommandLine>(this with { Values = values });
    }

    /// <summary>The values as a record of options.</summary>
    public R To<R>()
        where R : new()
    {
        var record = new R();
        foreach (var property in typeof(R).GetProperties())
            if (Values.TryGetValue(OptionEntry.NameOf(property.Name), out var value))
                property.SetValue(record, value);
        return record;
    }

    /// <summary>The values of the options that a run's results depend on, as texts.</summary>
    public ImmutableSortedDictionary<string, string> Binding() => Entries
        .Where(entry => !entry.Form.IsFree)
        .ToImmutableSortedDictionary(entry => entry.Name, entry => OptionEntry.Show(Values[entry.Name]), StringComparer.Ordinal);

    /// <summary>The first of some options that was typed, if any.</summary>
    public string? FirstTyped(IEnumerable<OptionEntry> among) =>
        among.FirstOrDefault(entry => Typed.Any(typed => typed.Entry.Name == entry.Name))?.Name;

    private static Validation<Fault, T> Failed<T>(IEnumerable<Fault> faults) => Validation<Fault, T>.Fail(Seq(faults));

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
        string[] aliases = entry.Form.Alias is { } alias ? [alias] : [];
        if (entry.IsSwitch)
            return new System.CommandLine.Option<bool>(entry.Name, aliases) { Description = entry.Form.Help };
        // A default replaces what the help says of there being none.
        var text = OptionEntry.Show(entry.Default);
        var option = new System.CommandLine.Option<string>(entry.Name, aliases)
        {
            Description = text.Length > 0 ? entry.Form.Help.Split(" [default:")[0] : entry.Form.Help,
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
        return text.ToString().Replace(RootCommand.ExecutableName, $"dotnet script {script} --");
    }
}
