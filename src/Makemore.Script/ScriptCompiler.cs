using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Scripting;

namespace Makemore.Script;

/// <summary>
/// Compiles scripts. Only this file and the two resolvers use the compiler, so it is not loaded for a script that is in the
/// cache.
/// </summary>
internal static class ScriptCompiler
{
    // The namespaces that dotnet-script imports.
    private static readonly string[] Imports =
    [
        "System", "System.IO", "System.Collections.Generic", "System.Console", "System.Diagnostics", "System.Dynamic",
        "System.Linq", "System.Linq.Expressions", "System.Text", "System.Threading.Tasks",
    ];

    // A library was compiled against an older version of another: https://github.com/dotnet/roslyn/issues/5501
    private static readonly string[] Harmless = ["CS1701", "CS1702", "CS1705"];

    /// <summary>The compiled script, or the errors in it, one line each.</summary>
    /// <param name="path">The full path of the script.</param>
    public static (CompiledScript? Script, string[] Errors) Compile(string path)
    {
        var files = new ScriptFiles(Path.GetDirectoryName(path)!);
        var references = new ScriptReferences();
        using var text = files.OpenRead(path);
        var script = CSharpScript.Create<int>(text, Options(path, files, references), typeof(ScriptGlobals));

        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        var format = new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb);
        var emitted = script.GetCompilation().Emit(assembly, symbols, options: format);
        var errors = emitted.Diagnostics.Where(IsError).Select(Describe).Distinct().ToArray();
        return errors.Length > 0
            ? (null, errors)
            : (new([.. files.Read], [.. references.Found], assembly.ToArray(), symbols.ToArray()), []);
    }

    private static ScriptOptions Options(string path, ScriptFiles files, ScriptReferences references) =>
        ScriptOptions.Default
            .WithFilePath(path)
            .WithFileEncoding(System.Text.Encoding.UTF8)
            .WithLanguageVersion(LanguageVersion.Latest)
            .WithOptimizationLevel(OptimizationLevel.Release)
            .WithImports(Imports)
            .WithReferences(ScriptReferences.Framework())
            .WithSourceResolver(files)
            .WithMetadataResolver(references);

    private static bool IsError(Diagnostic diagnostic) =>
        diagnostic.Severity == DiagnosticSeverity.Error && !Harmless.Contains(diagnostic.Id);

    private static string Describe(Diagnostic diagnostic)
    {
        var place = diagnostic.Location.GetLineSpan();
        var (line, column) = (place.StartLinePosition.Line + 1, place.StartLinePosition.Character + 1);
        return $"{Paths.Show(place.Path)}({line},{column}): error {diagnostic.Id}: {Message(diagnostic)}";
    }

    private static string Message(Diagnostic diagnostic)
    {
        var message = diagnostic.GetMessage();
        return message.Contains("'nuget:", StringComparison.Ordinal)
            ? "this host restores no packages; put the file on disk and name it by its path"
            : message;
    }
}
