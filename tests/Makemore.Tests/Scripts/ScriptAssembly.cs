using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace Makemore.Tests.Scripts;

/// <summary>The globals of a script.</summary>
/// <param name="Args">The arguments.</param>
public sealed record ScriptGlobals(IList<string> Args);

/// <summary>Compiles scripts against the libraries of this process, so that their types are the same as those of the tests. Each
/// script is compiled once.</summary>
internal static class ScriptAssembly
{
    // The default imports of the script host.
    private static readonly string[] Imports =
    [
        "System", "System.IO", "System.Collections.Generic", "System.Console", "System.Diagnostics", "System.Dynamic",
        "System.Linq", "System.Linq.Expressions", "System.Text", "System.Threading.Tasks",
    ];

    private static readonly ConcurrentDictionary<string, Lazy<Assembly>> Compiled = new();

    /// <summary>Runs a script to its end.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="arguments">The arguments, with the shell to use.</param>
    /// <returns>The object whose fields are the script's variables, and the exit code.</returns>
    public static (object Variables, int ExitCode) Run(string path, ShellArguments arguments)
    {
        var assembly = Compiled.GetOrAdd(path, path => new(() => Compile(path))).Value;
        var factory = assembly.GetType("Submission#0", throwOnError: true)!.GetMethod("<Factory>")!;
        object?[] slots = [new ScriptGlobals(arguments), null];
        var exitCode = factory.CreateDelegate<Func<object?[], Task<int>>>()(slots).GetAwaiter().GetResult();
        return (slots[1]!, exitCode);
    }

    private static Assembly Compile(string path)
    {
        var script = CSharpScript.Create<int>(File.ReadAllText(path), Options(path), typeof(ScriptGlobals));
        using var assembly = new MemoryStream();
        var result = script.GetCompilation().Emit(assembly);
        if (!result.Success)
            throw new InvalidOperationException(
                string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        return Assembly.Load(assembly.ToArray());
    }

    private static ScriptOptions Options(string path) => ScriptOptions.Default
        .WithFilePath(path)
        .WithFileEncoding(Encoding.UTF8)
        .WithLanguageVersion(LanguageVersion.Latest)
        .WithOptimizationLevel(OptimizationLevel.Release)
        .WithImports(Imports)
        .WithReferences(Libraries().Distinct().Select(library => MetadataReference.CreateFromFile(library)))
        .WithSourceResolver(new SourcesWithoutLibraries(Path.GetDirectoryName(path)!));

    private static IEnumerable<string> Libraries() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Append(typeof(Tensor).Assembly.Location)
            .Append(typeof(Run).Assembly.Location)
            .Append(typeof(ScriptGlobals).Assembly.Location);

    /// <summary>Loads files without the lines that reference libraries by path and check that they are current.</summary>
    private sealed class SourcesWithoutLibraries(string folder) : SourceFileResolver(ImmutableArray<string>.Empty, folder)
    {
        public override Stream OpenRead(string resolvedPath) =>
            new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', File.ReadLines(resolvedPath).Select(Keep))));

        private static string Keep(string line) =>
            line.StartsWith("#r ", StringComparison.Ordinal) || line.StartsWith("Freshness.", StringComparison.Ordinal)
                ? ""
                : line;
    }
}
