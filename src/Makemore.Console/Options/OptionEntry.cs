using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>A command-line option.</summary>
/// <param name="Name">Its name: <c>--max-steps</c>.</param>
/// <param name="Type">The type of its value.</param>
/// <param name="Default">Its default value; null for none.</param>
/// <param name="Spec">Its help text and its bounds.</param>
internal sealed record OptionEntry(string Name, Type Type, object? Default, OptionAttribute Spec)
{
    /// <summary>The options that a record declares, in order.</summary>
    public static IReadOnlyList<OptionEntry> Of<R>(R defaults) =>
    [
        .. from property in typeof(R).GetProperties()
           let spec = property.GetCustomAttribute<OptionAttribute>()
           where spec is not null
           select new OptionEntry(NameOf(property.Name), property.PropertyType, property.GetValue(defaults), spec),
    ];

    /// <summary>The option name of a property.</summary>
    public static string NameOf(string property) => "--" + JsonNamingPolicy.KebabCaseLower.ConvertName(property);

    /// <summary>Whether an argument is its name, or its short one.</summary>
    public bool HasName(string argument) => argument == Name || argument == Spec.Alias;

    /// <summary>Whether it takes no value.</summary>
    public bool IsSwitch => Type == typeof(bool);

    /// <summary>A value as text; empty for null.</summary>
    public static string Show(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    /// <summary>Parses a value.</summary>
    public Either<Fault, object> Read(string text) => (Nullable.GetUnderlyingType(Type) ?? Type) switch
    {
        var type when type == typeof(bool) =>
            bool.TryParse(text, out var value) ? Right<Fault, object>(value) : Fault.Of("give it without a value"),
        var type when type == typeof(int) => ReadInt(text),
        var type when type == typeof(double) => ReadDouble(text),
        var type when type == typeof(SplitShares) => SplitShares.Parse(text).Map(shares => (object)shares),
        var type when type == typeof(TokenKind) => TokenKind.Parse(text).Map(kind => (object)kind),
        _ when Spec.IsPath && string.IsNullOrWhiteSpace(text) => Fault.Of("give the name of a file or folder"),
        _ when Allows(text) => Right<Fault, object>(text),
        _ => Fault.Of($"give one of {string.Join(", ", Spec.Choices)}"),
    };

    private bool Allows(string text) => Spec.Pattern is { } pattern
        ? Regex.IsMatch(text, $"^({pattern})$")
        : Spec.Choices.Length == 0 || Spec.Choices.Contains(text);

    private Either<Fault, object> ReadInt(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        && value >= Spec.Min && value <= Spec.Max && value != Spec.Except
            ? Right<Fault, object>(value)
            : Fault.Of("give a whole number" + (Spec.Min > double.MinValue ? $" of {Show(Spec.Min)} or more" : "")
                + (Spec.Max < double.MaxValue ? $", up to {Show(Spec.Max)}" : IsTooLarge(text) ? $", up to {int.MaxValue}" : "")
                + (double.IsNaN(Spec.Except) ? "" : $", but not {Show(Spec.Except)}"));

    private static bool IsTooLarge(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > int.MaxValue;

    private Either<Fault, object> ReadDouble(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && value >= Spec.Min && value <= Spec.Max
            ? Right<Fault, object>(value)
            : Fault.Of(
                $"give a number of {Show(Spec.Min)} or more{(Spec.Max < double.MaxValue ? $", up to {Show(Spec.Max)}" : "")}");
}
