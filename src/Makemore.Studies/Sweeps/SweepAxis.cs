using System.Collections.Immutable;
using System.Globalization;
using LanguageExt;

namespace Makemore;

/// <summary>An option of the swept script: one value for all runs, a list of values, or a range to draw from.</summary>
/// <param name="Name">The option as it was given.</param>
/// <param name="Values">Its values; empty for a switch.</param>
internal sealed record SweepAxis(string Name, ImmutableArray<string> Values)
{
    private const string To = "..";

    /// <summary>Whether it has a range instead of values.</summary>
    public bool IsRange => Bounds is not null;

    /// <summary>Whether runs differ in it.</summary>
    public bool Varies => IsRange || Values.Length > 1;

    /// <summary>The option without its dashes, for the name of a setting.</summary>
    public string Label => Name.TrimStart('-');

    /// <summary>The options among the arguments of a script, in order.</summary>
    public static Either<Fault, SweepAxis[]> Parse(string[] arguments)
    {
        var axes = new List<Either<Fault, SweepAxis>>();
        for (var i = 0; i < arguments.Length; i++)
        {
            var equals = arguments[i].IndexOf('=', StringComparison.Ordinal);
            axes.Add(
                !IsName(arguments[i]) ? Fault.Of($"'{arguments[i]}': an option of the script comes first, such as --learning-rate")
                : equals > 0 ? Of(arguments[i][..equals], arguments[i][(equals + 1)..])
                : i + 1 == arguments.Length || IsName(arguments[i + 1]) ? new SweepAxis(arguments[i], [])
                : Of(arguments[i], arguments[++i]));
        }
        return axes.All();
    }

    /// <summary>The arguments that give it a value.</summary>
    public string[] With(string? value) => value is null ? [Name] : [Name, value];

    /// <summary>A value, uniform among the list, or log-uniform in the range (uniform if that begins below or at 0).</summary>
    public string? Draw(Key key)
    {
        if (Bounds is not var (low, high))
            return Values.Length == 0 ? null : Values[(int)key.Below(Values.Length)];
        var u = key.Uniform();
        var value = low > 0 ? Math.Exp(Math.Log(low) + (u * (Math.Log(high) - Math.Log(low)))) : low + (u * (high - low));
        var isWhole = Values[0].Split(To).All(bound => bound.All(character => char.IsAsciiDigit(character) || character == '-'));
        return isWhole ? Numbers.Show(Math.Round(value), "0") : Numbers.Show(value, "G3");
    }

    private (double Low, double High)? Bounds =>
        Values is [var text] && text.Split(To) is [var low, var high] && Number(low) is { } from && Number(high) is { } to ? (from, to) : null;

    private static Either<Fault, SweepAxis> Of(string name, string text) =>
        text.Split(',') is var values && values.Any(value => value.Length == 0)
            ? Fault.Of($"{name} {text}: a value is empty; commas separate values")
        : values.GroupBy(value => value).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? Fault.Of($"{name} {text}: {twice.Key} is given twice")
        : new SweepAxis(name, [.. values]) is { Bounds: var (low, high) } && low >= high
            ? Fault.Of($"{name} {text}: a range goes from a lower number to a higher one")
        : new SweepAxis(name, [.. values]);

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private static bool IsName(string argument) => argument is ['-', not (>= '0' and <= '9' or '.'), ..];
}
