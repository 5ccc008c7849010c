using System.Diagnostics;
using System.Reflection;

namespace Makemore.Script;

/// <summary>Runs compiled scripts in this process.</summary>
internal static class ScriptRunner
{
    /// <summary>Runs a script to its end.</summary>
    /// <param name="script">The compiled script.</param>
    /// <param name="arguments">What it gets as <c>Args</c>.</param>
    /// <param name="anticipate">Called when its libraries are loaded, before its first line runs; what it returns is
    /// disposed of after the last.</param>
    /// <returns>The number that the script returned; if that is 0, <see cref="Environment.ExitCode"/>.</returns>
    public static int Run(CompiledScript script, string[] arguments, Func<IDisposable?> anticipate)
    {
        // The compiler makes nothing of a script without statements.
        if (script.Assembly.Length == 0)
            return Environment.ExitCode;

        // The compiler's convention: a factory that finds the globals in slot 0 and puts the script's state in slot 1.
        var libraries = new ScriptLibraries(script.References);
        libraries.LoadAll();
        using var anticipated = anticipate();
        var assembly = libraries.LoadFromStream(new MemoryStream(script.Assembly), new MemoryStream(script.Symbols));
        var factory = SubmissionOf(assembly).GetMethod("<Factory>")!;
        var start = factory.CreateDelegate<Func<object?[], Task<int>>>();
        var returned = start([new ScriptGlobals(arguments), null]).GetAwaiter().GetResult();
        return returned != 0 ? returned : Environment.ExitCode;
    }

    // To find a type by its name, the runtime first has to compile a parser of names.
    private static Type SubmissionOf(Assembly assembly)
    {
        const string Name = "Submission#0";
        try
        {
            return Array.Find(assembly.GetTypes(), type => type.FullName == Name)!;
        }
        catch (ReflectionTypeLoadException)
        {
            return assembly.GetType(Name, throwOnError: true)!;
        }
    }

    /// <summary>What to tell a person about an exception that a script let go: what it says, and where.</summary>
    /// <param name="path">The full path of the script.</param>
    /// <param name="thrown">What was thrown.</param>
    public static string Describe(string path, Exception thrown)
    {
        var cause = thrown is TypeInitializationException { InnerException: { } inner } ? inner : thrown;
        var message = string.Join(' ', cause.Message.Split('\n', StringSplitOptions.TrimEntries));
        var places =
            from frame in new StackTrace(cause, fNeedFileInfo: true).GetFrames()
            let file = frame.GetFileName()
            where file is not null && file.EndsWith(".csx", StringComparison.OrdinalIgnoreCase)
            select $"  at {Paths.Show(file)}:{frame.GetFileLineNumber()}";
        var summary = $"{Paths.Show(path)}: {cause.GetType().Name}: {message}";
        return string.Join(Environment.NewLine, places.Prepend(summary));
    }
}
