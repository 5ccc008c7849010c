using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>Samples from a finished run of any model.</summary>
public static class SavedSamples
{
    /// <summary>Starts the script of the run that the first argument names, to sample with the remaining arguments.</summary>
    /// <param name="arguments">A work dir, then options of the run's script.</param>
    /// <param name="script">The path of the calling script; the compiler passes it.</param>
    /// <returns>The exit code: the script's, or 1 if there is no such run, or its script may not run.</returns>
    public static int Show(IEnumerable<string> arguments, [CallerFilePath] string script = "") => SavedUse.Show(
        "sample",
        "[options of the run's script: --num, --temperature, --top-k, --top-p, --prompt, --max-length, --num-tokens, --explain, --json, …]",
        "--sample-only", arguments, script);
}
