using System.Globalization;
using LanguageExt;

namespace Makemore;

/// <summary>One option on a command line, and the property of a record that it sets.</summary>
/// <param name="Name">Its name: <c>--max-steps</c>.</param>
/// <param name="Aliases">Short names.</param>
/// <param name="Help">What it does, for --help.</param>
/// <param name="Show">The text of its value in a record; empty where there is none.</param>
/// <param name="Set">The record with the value that a text gives, or what is wrong with the text.</param>
/// <typeparam name="R">The record.</typeparam>
internal sealed record OptionEntry<R>(
    string Name, string[] Aliases, string Help, Func<R, string> Show, Func<R, string, Either<Fault, R>> Set)
{
    /// <summary>Whether it takes no value.</summary>
    public bool IsSwitch { get; init; }

    /// <summary>Whether it only changes what is shown or how far a run goes, and so may differ when a run is resumed.</summary>
    public bool IsFree { get; init; }
}

/// <summary>The kinds of options, for the properties of a record.</summary>
internal static class OptionEntries<R>
{
    /// <summary>Options that are free (<see cref="OptionEntry{R}.IsFree"/>).</summary>
    public static OptionEntry<R>[] Free(params OptionEntry<R>[] entries) =>
        Array.ConvertAll(entries, entry => entry with { IsFree = true });

    /// <summary>A switch: off unless named.</summary>
    public static OptionEntry<R> Flag(string name, Func<R, bool> get, Func<R, bool, R> set, string help) =>
        Of(name, get, set, text => bool.Parse(text), help) with { IsSwitch = true };

    /// <summary>A text.</summary>
    public static OptionEntry<R> Text(
        string name, Func<R, string?> get, Func<R, string, R> set, string help, params string[] aliases) =>
        Of(name, get, set, text => text, help, aliases);

    /// <summary>One of a few words.</summary>
    public static OptionEntry<R> Choice(
        string name, Func<R, string> get, Func<R, string, R> set, string help, params string[] choices) =>
        Of(name, get, set, text => choices.Contains(text) ? text : Fault.Of($"give one of {string.Join(", ", choices)}"), help);

    /// <summary>A whole number.</summary>
    public static OptionEntry<R> Whole(
        string name, int low, Func<R, int?> get, Func<R, int, R> set, string help, int? except = null, params string[] aliases) =>
        Of(name, get, set, text => ReadWhole(text, low, except), help, aliases);

    /// <summary>A number.</summary>
    public static OptionEntry<R> Real(
        string name, double low, Func<R, double?> get, Func<R, double, R> set, string help, double high = double.MaxValue,
        params string[] aliases) =>
        Of(name, get, set, text => ReadReal(text, low, high), help, aliases);

    /// <summary>An option of any type, read from its text.</summary>
    public static OptionEntry<R> Of<G, T>(
        string name, Func<R, G> get, Func<R, T, R> set, Func<string, Either<Fault, T>> read, string help,
        params string[] aliases) => new(
            name, aliases, help,
            record => Convert.ToString(get(record), CultureInfo.InvariantCulture) ?? "",
            (record, text) => read(text).Map(value => set(record, value)).MapLeft(fault => fault.In($"{name} {text}")));

    private static Either<Fault, int> ReadWhole(string text, int low, int? except) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        && value >= low && value != except
            ? value
            : Fault.Of($"give a whole number of {low} or more{(except is null ? "" : $", but not {except}")}");

    private static Either<Fault, double> ReadReal(string text, double low, double high) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && value >= low && value <= high
            ? value
            : Fault.Of(string.Create(
                CultureInfo.InvariantCulture, $"give a number of {low} or more{(high < double.MaxValue ? $", up to {high}" : "")}"));
}
