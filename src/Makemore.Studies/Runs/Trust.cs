using LanguageExt;

namespace Makemore;

/// <summary>Which scripts of finished runs may run. A run folder may come from anybody, and names the script that uses it.</summary>
/// <param name="Script">The script that asks, one of the project's.</param>
/// <param name="IsGiven">Whether every script may run, because the user said so.</param>
internal sealed record Trust(string Script, bool IsGiven)
{
    /// <summary>The switch that gives it.</summary>
    public const string Option = "--trust";

    /// <summary>What to do about a script that is not the project's.</summary>
    internal const string Untrusted = "read the script, and if it is harmless, add " + Option;

    // The script is no longer that of the run, so it may compute something else.
    private const string Changed = "undo the change (make changes in a copy of the script), or read the script and add "
        + Option + " to use the run with the script as it is now";

    /// <summary>Nothing, or why a run's script may not run: it is not the project's own, or not as it was.</summary>
    public Either<Fault, Unit> Accept(FinishedRun run) =>
        IsGiven ? Unit.Default
        : !IsOfProject(run) ? Refuse(run, "is outside the project's tree, or among the runs", Untrusted)
        : run.HasChanged ? Refuse(run, "has changed since the run", Changed)
        : Unit.Default;

    /// <summary>Whether a script is in the project, but not where runs are: whoever made these may have put it there, and may name the
    /// folder in other letters, which lead to it on a file system that ignores case.</summary>
    private bool IsOfProject(FinishedRun run)
    {
        var (script, folder) = (Path.GetFullPath(run.Script), Path.GetFullPath(run.Folder));
        return ProjectFile.Root(Script) is { } root && IsIn(root, script) && !MayBeIn(folder, script)
            && (!MayBeIn(root, folder) || Top(root, folder) is var runs && (IsIn(runs, Script) || !MayBeIn(runs, script)));
    }

    /// <summary>The folder at the top of the project that a run is in.</summary>
    private static string Top(string root, string folder) =>
        Path.Combine(root, Path.GetRelativePath(root, folder).Split(Path.DirectorySeparatorChar)[0]);

    private static bool IsIn(string folder, string file) => IsIn(folder, file, StringComparison.Ordinal);

    private static bool MayBeIn(string folder, string file) => IsIn(folder, file, StringComparison.OrdinalIgnoreCase);

    private static bool IsIn(string folder, string file, StringComparison comparison) =>
        file.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, comparison);

    private static Fault Refuse(FinishedRun run, string why, string remedy) =>
        Fault.Of($"its script {run.Script} {why}; {Fault.Of(remedy)}").In(run.Folder);
}
