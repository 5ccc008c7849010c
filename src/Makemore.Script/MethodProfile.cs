using System.Reflection;
using System.Reflection.Emit;

namespace Makemore.Script;

/// <summary>
/// A list of methods for crossgen2, which compiles them ahead of time with the library that it is given beside
/// (--mibc). The format is that of the runtime's dotnet-pgo: a library whose functions name methods, and are never called.
/// </summary>
internal static class MethodProfile
{
    /// <summary>Writes a profile.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="methods">The methods.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<MethodBase> methods)
    {
        var assembly = new PersistedAssemblyBuilder(new("profile"), typeof(object).Assembly);
        var module = assembly.DefineDynamicModule("profile");
        var group = Define(module, "Group", code =>
        {
            foreach (var method in methods)
                Name(code, TokenOf(module, method));
        });
        Define(module, "AssemblyDictionary", code =>
        {
            // The library that defines them. Its name only decides whether they are looked at, and this one always is.
            code.Emit(OpCodes.Ldstr, "System.Private.CoreLib;");
            Name(code, TokenOf(module, group));
        });
        module.CreateGlobalFunctions();
        assembly.Save(path);
    }

    private static MethodBuilder Define(ModuleBuilder module, string name, Action<ILGenerator> write)
    {
        var function = module.DefineGlobalMethod(name, MethodAttributes.Public | MethodAttributes.Static, typeof(void), []);
        var code = function.GetILGenerator();
        write(code);
        code.Emit(OpCodes.Ret);
        return function;
    }

    private static int TokenOf(ModuleBuilder module, MethodBase method) => method is ConstructorInfo constructor
        ? module.GetMethodMetadataToken(constructor)
        : module.GetMethodMetadataToken((MethodInfo)method);

    private static void Name(ILGenerator code, int method)
    {
        code.Emit(OpCodes.Ldtoken, method);
        code.Emit(OpCodes.Pop);
    }
}
