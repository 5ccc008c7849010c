using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Text.RegularExpressions;

namespace Makemore.Tests;

/// <summary>A compiled method of the library: the folder of its source, and its references.</summary>
internal sealed record LibraryMethod(MethodBase Method, string Folder, IReadOnlyList<MemberInfo> References);

/// <summary>The contents and references of Makemore.dll, read from its instructions and symbols.</summary>
internal static partial class LibraryCode
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Guid TypeDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");
    private static readonly Assembly Library = typeof(Tensor).Assembly;
    private static readonly MetadataReader Symbols = MetadataReaderProvider
        .FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(Library.Location, ".pdb"))).GetMetadataReader();

    private static readonly Dictionary<int, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields().Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value & 0xFFFF);

    public static IReadOnlyList<Type> Types { get; } = Library.GetTypes();

    /// <summary>All methods whose source is in a folder under src/Makemore.</summary>
    public static IReadOnlyList<LibraryMethod> Methods { get; } =
    [
        .. from type in Types
           from method in type.GetMembers(Everything).OfType<MethodBase>()
           let folder = FolderOf(method)
           where folder is not null
           select new LibraryMethod(method, folder, [.. References(method)]),
    ];

    /// <summary>The folder under src/Makemore where a type of the library is declared; null for other types.</summary>
    public static string? FolderOf(Type type)
    {
        var outermost = type;
        while (outermost.DeclaringType is { } outer)
            outermost = outer;
        return outermost.Assembly != Library ? null
            : FolderOfDeclaration(outermost)
                ?? outermost.GetMembers(Everything).OfType<MethodBase>().Select(FolderOf).FirstOrDefault(x => x is not null);
    }

    /// <summary>A type, or its element type, and its type arguments.</summary>
    public static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericParameter ? []
        : type.IsGenericType ? [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Parts)]
        : [type];

    private static string? FolderOf(MethodBase method)
    {
        var handle = (MethodDefinitionHandle)MetadataTokens.EntityHandle(method.MetadataToken);
        var information = Symbols.GetMethodDebugInformation(handle);
        return information.Document.IsNil
            ? information.GetSequencePoints().Select(point => FolderOf(point.Document)).FirstOrDefault()
            : FolderOf(information.Document);
    }

    /// <summary>The documents of types without instructions, such as interfaces and enumerations, are recorded
    /// separately.</summary>
    private static string? FolderOfDeclaration(Type type)
    {
        foreach (var handle in Symbols.GetCustomDebugInformation(MetadataTokens.EntityHandle(type.MetadataToken)))
        {
            var information = Symbols.GetCustomDebugInformation(handle);
            if (Symbols.GetGuid(information.Kind) != TypeDocuments)
                continue;
            var row = Symbols.GetBlobReader(information.Value).ReadCompressedInteger();
            return FolderOf(MetadataTokens.DocumentHandle(row));
        }
        return null;
    }

    private static string? FolderOf(DocumentHandle document)
    {
        var path = Symbols.GetString(Symbols.GetDocument(document).Name).Replace('\\', '/');
        return SourceFolder().Match(path) is { Success: true } match ? match.Groups[1].Value : null;
    }

    /// <summary>The members and types that a method's instructions refer to.</summary>
    private static IEnumerable<MemberInfo> References(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
            yield break;
        var typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            var value = code[at++];
            var operation = OpCodesByValue[value == 0xFE ? 0xFE00 | code[at++] : value];
            if (operation.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok
                or OperandType.InlineType)
                yield return method.Module.ResolveMember(BitConverter.ToInt32(code, at), typeArguments, methodArguments)!;
            at += SizeOf(operation.OperandType, code, at);
        }
    }

    private static int SizeOf(OperandType operand, byte[] code, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
        _ => 4,
    };

    [GeneratedRegex("/src/Makemore/([^/]+)/")]
    private static partial Regex SourceFolder();
}
