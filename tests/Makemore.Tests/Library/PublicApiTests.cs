using System.Globalization;
using System.Reflection;
using Makemore.Tests.Scripts;

namespace Makemore.Tests.Library;

/// <summary>The public surface of the packages: a change of it is a decision, and shows in the listing next to this file.</summary>
public sealed class PublicApiTests
{
    [Theory, InlineData("Makemore"), InlineData("Makemore.Reports"), InlineData("Makemore.Console"), InlineData("Makemore.Studies")]
    public void Members_OfALibrary_AreTheListedOnes(string library) => Snapshot.Verify(
        string.Join('\n', Assembly.Load(library).GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal).Select(Show)),
        $"library={library}");

    private static string Show(Type type) => string.Join("\n  ", Members(type).Order(StringComparer.Ordinal).Distinct()
        .Prepend($"{type}{(type.BaseType is { } parent && parent != typeof(object) ? $" : {parent}" : "")}"));

    /// <summary>What was written: not what the compiler adds to a record.</summary>
    private static IEnumerable<string> Members(Type type) => type
        .GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(member => member is not Type && member is not MethodInfo { IsSpecialName: true, Name: not ['o', 'p', '_', ..] })
        .Where(member => !typeof(Delegate).IsAssignableFrom(type) || member.Name == "Invoke")
        .Where(member => member.Name is not ("<Clone>$" or "Deconstruct" or "Equals" or "GetHashCode" or "ToString"
            or "op_Equality" or "op_Inequality"))
        .Select(Show);

    private static string Show(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"new({Parameters(constructor.GetParameters())})",
        MethodInfo method => $"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType)} {method.Name}"
            + $"{Arguments(method.GetGenericArguments())}({Parameters(method.GetParameters())})",
        PropertyInfo property => $"{Name(property.PropertyType)} {property.Name}"
            + (property.GetIndexParameters() is { Length: > 0 } indices ? $"[{Parameters(indices)}]" : ""),
        FieldInfo { IsLiteral: true } constant => $"const {constant.Name} = {Value(constant.GetRawConstantValue())}",
        _ => $"{member}",
    };

    private static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(parameter =>
        $"{Name(parameter.ParameterType)} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {Value(parameter.DefaultValue)}" : "")));

    private static string Value(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Name(Type type) => type.HasElementType
        ? $"{Name(type.GetElementType()!)}{(type.IsArray ? "[]" : "&")}"
        : $"{type.Name.Split('`')[0]}{Arguments(type.GetGenericArguments())}";

    private static string Arguments(Type[] types) =>
        types.Length == 0 ? "" : $"<{string.Join(", ", types.Select(Name))}>";
}
