using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>Looks inside a finished run of any model.</summary>
public static class SavedLens
{
    /// <summary>Starts the script of the run that the first argument names, to show what the model computes.</summary>
    /// <param name="arguments">A work dir, then options of the run's script.</param>
    /// <param name="script">The path of the calling script; the compiler passes it.</param>
    /// <returns>The exit code: the script's, or 1 if there is no such run, or its script may not run.</returns>
    public static int Show(IEnumerable<string> arguments, [CallerFilePath] string script = "") => SavedUse.Show(
        "lens", "[options of the run's script: --prompt, --target, -i, …]", "--lens", arguments, script);
}
