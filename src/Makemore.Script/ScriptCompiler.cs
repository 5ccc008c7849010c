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

    // A file that #load names, and one that #r names, cannot be read.
    private const string MissingScript = "CS1504", MissingLibrary = "CS0006";

    private const string Prelude = "prelude.csx";

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
        var errors = Causes([.. emitted.Diagnostics.Where(IsError)]).Select(Describe).Distinct().ToArray();
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

    /// <summary>The errors, without those that follow from a file that is missing: everything that the file declares.</summary>
    private static Diagnostic[] Causes(Diagnostic[] errors) =>
        Array.Find([MissingScript, MissingLibrary], id => errors.Any(error => error.Id == id && !IsPackage(error))) is { } missing
            ? Array.FindAll(errors, error => error.Id == missing)
            : errors;

    private static bool IsPackage(Diagnostic error) => error.GetMessage().Contains("'nuget:", StringComparison.Ordinal);

    private static bool IsError(Diagnostic diagnostic) =>
        diagnostic.Severity == DiagnosticSeverity.Error && !Harmless.Contains(diagnostic.Id);

    private static string Describe(Diagnostic diagnostic)
    {
        var place = diagnostic.Location.GetLineSpan();
        var (line, column) = (place.StartLinePosition.Line + 1, place.StartLinePosition.Character + 1);
        return $"{Paths.Show(place.Path)}({line},{column}): error {diagnostic.Id}: {Message(diagnostic)}";
    }

    private static string Message(Diagnostic diagnostic) => diagnostic.Id switch
    {
        _ when IsPackage(diagnostic) => "this host restores no packages; put the file on disk and name it by its path",
        MissingScript => $"{diagnostic.GetMessage()} A script that loads {Prelude} has to be in the scripts folder of Makemore, or has to "
            + $"load it by its path: #load \"/path/to/scripts/{Prelude}\"",
        MissingLibrary => $"{diagnostic.GetMessage()}. Libraries are made by dotnet build, in the project's folder",
        _ => diagnostic.GetMessage(),
    };
}
