using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>One option on a command line.</summary>
/// <param name="Name">Its name: <c>--max-steps</c>.</param>
/// <param name="Type">The type of its value.</param>
/// <param name="Default">Its default value; none where it is absent unless given.</param>
/// <param name="Form">Its help and its bounds.</param>
internal sealed partial record OptionEntry(string Name, Type Type, object? Default, OptionAttribute Form)
{
    /// <summary>The options that a record declares, in order.</summary>
    public static IReadOnlyList<OptionEntry> Of<R>(R defaults) =>
    [
        .. from property in typeof(R).GetProperties()
           let form = property.GetCustomAttribute<OptionAttribute>()
           where form is not null
           select new OptionEntry(NameOf(property.Name), property.PropertyType, property.GetValue(defaults), form),
    ];

    /// <summary>The name of the option that a property is.</summary>
    public static string NameOf(string property) => "--" + Humps().Replace(property, "-$1").ToLowerInvariant();

    /// <summary>Whether it takes no value.</summary>
    public bool IsSwitch => Type == typeof(bool);

    /// <summary>The text of a value; empty where there is none.</summary>
    public static string Show(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    /// <summary>The value that a text gives, or what is wrong with it.</summary>
    public Either<Fault, object> Read(string text) => (Nullable.GetUnderlyingType(Type) ?? Type) switch
    {
        var type when type == typeof(bool) => Right<Fault, object>(bool.Parse(text)),
        var type when type == typeof(int) => ReadWhole(text),
        var type when type == typeof(double) => ReadReal(text),
        var type when type == typeof(SplitShares) => SplitShares.Parse(text).Map(shares => (object)shares),
        _ when Name == NameOf(nameof(Options.Device)) && !Device().IsMatch(text) => Fault.Of("give one of cpu, cuda, cuda:N, mps"),
        _ when Form.Choices is { Length: > 0 } choices && !choices.Contains(text) =>
            Fault.Of($"give one of {string.Join(", ", choices)}"),
        _ => Right<Fault, object>(text),
    };

    private Either<Fault, object> ReadWhole(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        && value >= Form.Min && value != Form.Except
            ? Right<Fault, object>(value)
            : Fault.Of("give a whole number" + (Form.Min > double.MinValue ? $" of {Show(Form.Min)} or more" : "")
                + (double.IsNaN(Form.Except) ? "" : $", but not {Show(Form.Except)}"));

    private Either<Fault, object> ReadReal(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && value >= Form.Min && value <= Form.Max
            ? Right<Fault, object>(value)
            : Fault.Of(
                $"give a number of {Show(Form.Min)} or more{(Form.Max < double.MaxValue ? $", up to {Show(Form.Max)}" : "")}");

    [GeneratedRegex("(?<!^)([A-Z])")]
    private static partial Regex Humps();

    [GeneratedRegex("^(cpu|cuda|cuda:[0-9]{1,3}|mps)$")]
    private static partial Regex Device();
}
