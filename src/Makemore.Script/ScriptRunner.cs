using System.Diagnostics;

namespace Makemore.Script;

/// <summary>Runs compiled scripts in this process.</summary>
internal static class ScriptRunner
{
    /// <summary>Runs a script to its end.</summary>
    /// <param name="script">The compiled script.</param>
    /// <param name="arguments">What it gets as <c>Args</c>.</param>
    /// <returns>The number that the script returned; if that is 0, <see cref="Environment.ExitCode"/>.</returns>
    public static int Run(CompiledScript script, string[] arguments)
    {
        // The compiler produces nothing for a script without statements.
        if (script.Assembly.Length == 0)
            return Environment.ExitCode;

        // The compiler's convention: a factory that takes the globals from slot 0 and puts the script's state into slot 1.
        var libraries = new ScriptLibraries(script.References);
        var assembly = libraries.LoadFromStream(new MemoryStream(script.Assembly), new MemoryStream(script.Symbols));
        var factory = assembly.GetType("Submission#0", throwOnError: true)!.GetMethod("<Factory>")!;
        var start = factory.CreateDelegate<Func<object?[], Task<int>>>();
        var returned = start([new ScriptGlobals(arguments), null]).GetAwaiter().GetResult();
        return returned != 0 ? returned : Environment.ExitCode;
    }

    /// <summary>What to print about an exception that a script did not catch: its message, and where it was thrown.</summary>
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
