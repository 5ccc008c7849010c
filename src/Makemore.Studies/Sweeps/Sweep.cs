using System.Runtime.CompilerServices;
using LanguageExt;

namespace Makemore;

/// <summary>Trains a script with several settings and seeds, and compares the settings.</summary>
public static class Sweep
{
    /// <summary>The maximum number of runs.</summary>
    internal const int MaxRuns = 1000;

    private const string Name = "sweep";

    private const string Description =
        "Trains a script with every combination of the values that its options are given, several seeds each, and compares them:\n"
        + "  dotnet script sweep.csx -- SCRIPT --learning-rate 1e-3,3e-3 --n-embd 32,64 --seeds 5\n"
        + "Commas separate values. All options but these are the script's own.";

    /// <summary>
    /// Trains what is not yet trained, several runs at a time: prints a table, and writes comparison.json and report.html to the
    /// work dir. Given again, it resumes where it was stopped.
    /// </summary>
    /// <param name="arguments">A script, then its options and those of the sweep.</param>
    /// <param name="script">The path of the calling script; the compiler passes it.</param>
    /// <returns>The exit code; errors are printed on one line each.</returns>
    public static int Show(IEnumerable<string> arguments, [CallerFilePath] string script = "")
    {
        var (shell, entries) = (Shell.Of(arguments), OptionEntry.Of(new SweepOptions()));
        var (own, others) = Divide(entries, [.. arguments]);
        return shell.Run(Name, script, Description, entries, own, null, line => Show(line, others, script, shell, ChildScripts.Of(arguments)));
    }

    private static Either<Fault, int> Show(
        CommandLine line, string[] arguments, string script, Shell shell, ChildScripts children)
    {
        var options = line.To<SweepOptions>();
        using var reporter = IReporter.Create(shell);
        return
            from first in arguments is [not ['-', ..] and var word, ..]
                ? (Either<Fault, string>)word
                : Fault.Of("name a script first, such as scripts/mlp.csx")
            from swept in Existing(first)
            from plan in SweepPlan.Of(options, line.IsGiven(nameof(SweepOptions.Seeds)), swept, arguments[1..])
            from done in WorkDir.Locked(
                options.WorkDir, WorkFiles.OfSweep, () => Run(options, plan, swept, script, children, reporter))
            select 0;
    }

    /// <summary>A script, or that there is none.</summary>
    internal static Either<Fault, string> Existing(string script) =>
        File.Exists(script) ? script : Fault.Of($"{script}: there is no such script");

    private static Either<Fault, Unit> Run(
        SweepOptions options, SweepPlan plan, string swept, string script, ChildScripts children, IReporter reporter) =>
        from runs in SweepRuns.Open(options, plan, swept, children, reporter)
        from trained in runs.Train()
        from finished in trained.Select(run => FinishedRun.Read(Path.Combine(options.WorkDir, run.Folder), swept)).All()
        from _ in Comparison.OfSweep(
            new() { Samples = options.Samples, WorkDir = options.WorkDir }, finished, [.. trained.Select(run => run.Setting.Name)], script,
            children, reporter)
        select Unit.Default;

    /// <summary>Divides arguments into those of the sweep and all others.</summary>
    private static (string[] Own, string[] Others) Divide(IReadOnlyList<OptionEntry> entries, string[] arguments)
    {
        var (own, others) = (new List<string>(), new List<string>());
        for (var i = 0; i < arguments.Length; i++)
        {
            var isOwn = arguments[i] is "--help" or "-h" or "-?" || entries.Any(entry => entry.HasName(arguments[i].Split('=')[0]));
            (isOwn ? own : others).Add(arguments[i]);
            if (isOwn && entries.Any(entry => entry.HasName(arguments[i])) && i + 1 < arguments.Length)
                own.Add(arguments[++i]);
        }
        return ([.. own], [.. others]);
    }
}
