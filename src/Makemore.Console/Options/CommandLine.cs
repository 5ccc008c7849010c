using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Help;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>A command line, read into a record of options.</summary>
/// <param name="Entries">The options that there are.</param>
/// <param name="Defaults">Their default values.</param>
/// <param name="Typed">The options that were typed, with their texts.</param>
/// <param name="Operands">What is no option: the runs to compare.</param>
/// <param name="Values">The options as typed, or by default.</param>
/// <param name="Help">What --help prints, where it was typed.</param>
internal sealed record CommandLine<R>(
    ImmutableArray<OptionEntry<R>> Entries, R Defaults, ImmutableArray<(OptionEntry<R> Entry, string Text)> Typed,
    ImmutableArray<string> Operands, R Values, string? Help)
{
    /// <summary>
    /// The command line over the options of a saved run: what was not typed is as it was then. What was typed and has another
    /// value than then is a fault, by name.
    /// </summary>
    public Validation<Fault, CommandLine<R>> Over(ImmutableSortedDictionary<string, string> saved)
    {
        var faults = Typed
            .Where(typed => !typed.Entry.IsFree && saved.TryGetValue(typed.Entry.Name, out var then) && then != typed.Entry.Show(Values))
            .Select(typed => Fault.Of(
                $"{typed.Entry.Name} {typed.Entry.Show(Values)}: the saved run has "
                + $"{(saved[typed.Entry.Name] is "" ? "none" : saved[typed.Entry.Name])}; leave the option out, or start a new run"))
            .ToArray();
        var kept = Entries
            .Where(entry => !entry.IsFree && saved.GetValueOrDefault(entry.Name) is { Length: > 0 })
            .Select(entry => (entry, saved[entry.Name]));
        return faults.Length > 0
            ? Validation<Fault, CommandLine<R>>.Fail(Seq(faults))
            : CommandLines.Set(Defaults, kept.Concat(Typed)).Map(values => this with { Values = values });
    }

    /// <summary>The values of the options that a run's results depend on, as texts.</summary>
    public ImmutableSortedDictionary<string, string> Binding() => Entries
        .Where(entry => !entry.IsFree)
        .ToImmutableSortedDictionary(entry => entry.Name, entry => entry.Show(Values), StringComparer.Ordinal);

    /// <summary>The first of some options that was typed, if any.</summary>
    public string? FirstTyped(IEnumerable<OptionEntry<R>> among) =>
        among.FirstOrDefault(entry => Typed.Any(typed => typed.Entry.Name == entry.Name))?.Name;
}

/// <summary>The reading of command lines, by System.CommandLine: the only place where options are looked up by name.</summary>
internal static class CommandLines
{
    /// <summary>Reads a command line; every fault in it, where there are any.</summary>
    /// <param name="script">The script's name, for --help.</param>
    /// <param name="description">What the script does, for --help.</param>
    /// <param name="options">The options that there are, each group with its default values.</param>
    /// <param name="arguments">What was typed.</param>
    /// <param name="operands">What else may be typed.</param>
    public static Validation<Fault, CommandLine<R>> Parse<R>(
        string script, string description, IEnumerable<(R Defaults, ImmutableArray<OptionEntry<R>> Entries)> options,
        IEnumerable<string> arguments, Argument<string[]>? operands = null)
        where R : new()
    {
        var groups = options.ToArray();
        ImmutableArray<OptionEntry<R>> entries = [.. groups.SelectMany(group => group.Entries)];
        var defaults = groups.Aggregate(new R(), (all, group) => WithDefaults(all, group.Defaults, group.Entries));
        var named = entries.Select(entry => (Entry: entry, Option: ToOption(entry, defaults))).ToArray();
        var command = ToCommand(description, named.Select(pair => pair.Option), operands);
        var result = command.Parse([.. arguments], new() { ResponseFileTokenReplacer = null });
        if (result.Action is HelpAction help)
            return Success<Fault, CommandLine<R>>(new(entries, defaults, [], [], defaults, HelpText(script, help, result)));
        if (result.Errors.Count > 0)
            return Validation<Fault, CommandLine<R>>.Fail(Seq(
                result.Errors.Select(error => Fault.Of($"{error.Message.TrimEnd('.')} (--help lists the options)")).ToArray()));
        ImmutableArray<(OptionEntry<R>, string)> typed =
        [
            .. from pair in named
               let given = result.GetResult(pair.Option)
               where given is { Implicit: false }
               select (pair.Entry, pair.Entry.IsSwitch ? $"{given.GetValueOrDefault<bool>()}" : given.GetValueOrDefault<string>()),
        ];
        return Set(defaults, typed).Map(values => new CommandLine<R>(
            entries, defaults, typed, operands is null ? [] : [.. result.GetValue(operands) ?? []], values, null));
    }

    /// <summary>A record with options set from their texts; every fault in these.</summary>
    public static Validation<Fault, R> Set<R>(R record, IEnumerable<(OptionEntry<R> Entry, string Text)> texts)
    {
        var faults = new List<Fault>();
        var values = texts.Aggregate(record, (values, option) => option.Entry.Set(values, option.Text).Match(
            value => value,
            fault =>
            {
                faults.Add(fault);
                return values;
            }));
        return faults.Count > 0 ? Validation<Fault, R>.Fail(Seq(faults)) : Success<Fault, R>(values);
    }

    private static R WithDefaults<R>(R all, R defaults, ImmutableArray<OptionEntry<R>> entries) => entries
        .Where(entry => entry.Show(defaults).Length > 0)
        .Aggregate(all, (values, entry) => entry.Set(values, entry.Show(defaults))
            .OrThrow(fault => new InvalidOperationException($"The default is not allowed: {fault.Message}")));

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

    private static System.CommandLine.Option ToOption<R>(OptionEntry<R> entry, R defaults)
    {
        if (entry.IsSwitch)
            return new System.CommandLine.Option<bool>(entry.Name, entry.Aliases) { Description = entry.Help };
        var option = new System.CommandLine.Option<string>(entry.Name, entry.Aliases) { Description = entry.Help };
        if (entry.Show(defaults) is { Length: > 0 } text)
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
