using System.Reflection;
using Makemore.Tests.Scripts;

namespace Makemore.Tests.Library;

/// <summary>The public surface of the packages: a change of it is a decision, and shows in the listing next to this file.</summary>
public sealed class PublicApiTests
{
    [Theory, InlineData("Makemore"), InlineData("Makemore.Reports"), InlineData("Makemore.Console")]
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
        .Select(member => $"{member}");
}
