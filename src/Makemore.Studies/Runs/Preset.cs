using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>A script that is another one with options of its own.</summary>
public static class Preset
{
    /// <summary>Runs the other script to its end.</summary>
    /// <param name="arguments">The script's <c>Args</c>, which follow the options.</param>
    /// <param name="other">The other script, relative to this one.</param>
    /// <param name="options">The options, with their values.</param>
    /// <param name="script">The path of the script; the compiler passes it.</param>
    /// <returns>The other script's exit code.</returns>
    public static int Run(IEnumerable<string> arguments, string other, string[] options, [CallerFilePath] string script = "") =>
        ChildScripts.Of(arguments).Run(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(script)!, other)), [.. options, .. arguments]);
}
