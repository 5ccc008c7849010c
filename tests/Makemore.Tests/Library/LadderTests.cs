using System.Reflection;

namespace Makemore.Tests;

/// <summary>A folder uses only the folders above it in the ladder of src/DESIGN.md, and none on the same rung.</summary>
public sealed class LadderTests
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly IReadOnlyDictionary<string, int> Rungs = DesignPage.Ladder;

    [Fact]
    public void Folders_UseOnlyFoldersAboveThem()
    {
        var uses = LibraryCode.Methods.SelectMany(OfMethod).Concat(LibraryCode.Types.SelectMany(OfType)).Distinct().ToArray();
        Assert.Contains(("Trees", "Tensors"), uses.Select(use => (use.From, use.To)));
        Assert.Equal(Rungs.Keys.Order(), uses.SelectMany(use => new[] { use.From, use.To }).Distinct().Order());
        var wrong = uses.Where(use => use.From != use.To && Rungs[use.To] >= Rungs[use.From]);
        Assert.Equal([], wrong.Select(use => $"{use.From} {use.User} uses {use.To} {use.What}"));
    }

    [Fact]
    public void Types_InTheLibrary_AreInOneFolder()
    {
        var folders = LibraryCode.Methods
            .Where(method => method.Method.DeclaringType is { DeclaringType: null })
            .GroupBy(method => method.Method.DeclaringType!, method => method.Folder);
        Assert.All(folders, group => Assert.Single(group.Distinct()));
    }

    private static IEnumerable<Use> OfMethod(LibraryMethod method)
    {
        var body = method.Method.GetMethodBody()!;
        var types = method.References.SelectMany(TypesOf)
            .Concat(body.LocalVariables.Select(local => local.LocalType))
            .Concat(TypesOf(method.Method));
        return Uses(method.Folder, method.Method.DeclaringType!, types);
    }

    private static IEnumerable<Use> OfType(Type type)
    {
        if (LibraryCode.FolderOf(type) is not { } folder)
            return [];
        var types = type.GetFields(Everything).Select(field => field.FieldType)
            .Concat(type.GetMethods(Everything).SelectMany(TypesOf))
            .Concat(type.GetInterfaces())
            .Append(type.BaseType ?? typeof(object));
        return Uses(folder, type, types);
    }

    private static IEnumerable<Use> Uses(string folder, Type user, IEnumerable<Type> types) =>
        from type in types.SelectMany(LibraryCode.Parts)
        let to = LibraryCode.FolderOf(type)
        where to is not null
        select new Use(folder, user.Name, to, type.Name);

    private static IEnumerable<Type> TypesOf(MemberInfo member) => member switch
    {
        Type type => [type],
        FieldInfo field => [field.DeclaringType!, field.FieldType],
        MethodInfo method =>
            [
                method.DeclaringType!, method.ReturnType, .. method.GetParameters().Select(parameter => parameter.ParameterType),
                .. method.IsGenericMethod ? method.GetGenericArguments() : [],
            ],
        MethodBase maker => [maker.DeclaringType!, .. maker.GetParameters().Select(parameter => parameter.ParameterType)],
        _ => [],
    };

    private sealed record Use(string From, string User, string To, string What);
}
