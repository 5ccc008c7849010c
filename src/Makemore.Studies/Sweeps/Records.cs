using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using LanguageExt;

namespace Makemore;

/// <summary>Judges whether a script is a record: whether its test loss after a minute of training is lower than that of the record
/// before it.</summary>
public static class Records
{
    private const int Seeds = 5;

    private const double Level = 0.01;

    private const string Name = "record";

    private const string Description =
        "Trains a script with five seeds, for a minute each on two cores, and says whether its test loss is lower than that of the record\n"
        + "before it, whose name has the number before:\n"
        + "  dotnet script record.csx -- scripts/records/names-2.csx";

    // What makes losses comparable.
    private static readonly string[] Rules = ["--max-seconds", "60", "--threads", "2"];

    private static readonly Argument<string[]> Candidate = new("script")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "the candidate, such as scripts/records/names-2.csx",
    };

    /// <summary>Trains a candidate and the record before it, unless they are trained already: prints a verdict, and the line for the
    /// table of records.</summary>
    /// <param name="arguments">The script's <c>Args</c>.</param>
    /// <param name="script">The path of the script; the compiler passes it.</param>
    /// <returns>The exit code: 0 for a record, 1 for none; errors are printed on one line each.</returns>
    public static int Show(IEnumerable<string> arguments, [CallerFilePath] string script = "")
    {
        var shell = Shell.Of(arguments);
        return shell.Run(
            Name, script, Description, OptionEntry.Of(new RecordOptions()), arguments, Candidate,
            line => Show(line, script, shell, ChildScripts.Of(arguments)));
    }

    private static Either<Fault, int> Show(CommandLine line, string script, Shell shell, ChildScripts children)
    {
        var workDir = line.To<RecordOptions>().WorkDir;
        using var reporter = IReporter.Create(shell);
        return
            from candidate in line.Operands is [var only] ? Sweep.Existing(only) : Fault.Of($"name one script: {Candidate.Description}")
            from before in Before(candidate)
            from compared in WorkDir.Locked(
                workDir, WorkFiles.OfComparison, () => Compare([.. before, candidate], workDir, script, children, reporter))
            select Judge(compared, reporter);
    }

    private static Either<Fault, ComparedSeeds[]> Compare(
        string[] scripts, string workDir, string script, ChildScripts children, IReporter reporter) =>
        from runs in scripts.Select(file => Train(file, workDir, children, reporter)).All()
        from compared in Comparison.OfSweep(
            new() { Samples = 0, WorkDir = workDir }, [.. runs.SelectMany(same => same)],
            [.. runs.SelectMany((same, i) => same.Select(_ => NameOf(scripts[i])))], script, children, reporter)
        select compared;

    /// <summary>The record before a candidate, whose number is one less; none before the first.</summary>
    private static Either<Fault, string[]> Before(string candidate)
    {
        if (NameOf(candidate).Split('-') is not [_, .., var last]
            || !int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
            return Fault.Of($"{candidate}: a record is called by its task and its number, such as names-2.csx");
        if (number == 1)
            return Array.Empty<string>();
        var before = Path.Combine(Path.GetDirectoryName(candidate)!, $"{NameOf(candidate)[..^last.Length]}{number - 1}.csx");
        return File.Exists(before) ? new[] { before } : Fault.Of($"{candidate}: the record before it, {before}, is missing");
    }

    /// <summary>The runs of a script, one at a time, because each has both cores. They are kept under the name of the script, its
    /// hash and that of the library, which may have become faster.</summary>
    private static Either<Fault, FinishedRun[]> Train(string file, string workDir, ChildScripts children, IReporter reporter)
    {
        var library = typeof(Training).Module.ModuleVersionId.ToString("N");
        var folder = Path.Combine(workDir, $"{NameOf(file)}-{FileHash.Of(file)[..8]}-{library[..8]}");
        var sweep = new SweepOptions { Seeds = Seeds, Jobs = 1, WorkDir = folder };
        return
            from plan in SweepPlan.Of(sweep, hasSeeds: true, file, Rules)
            from trained in WorkDir.Locked(
                folder, WorkFiles.OfSweep, () => SweepRuns.Open(sweep, plan, file, children, reporter).Bind(runs => runs.Train()))
            from finished in trained.Select(run => FinishedRun.Read(Path.Combine(folder, run.Folder), file)).All()
            from _ in finished.FirstOrDefault(run => run.HasChanged) is { } old
                ? Fault.Of($"{Path.GetFileName(old.Script)} has changed since; delete the folder to train it again").In(folder)
                : (Either<Fault, Unit>)Unit.Default
            select finished;
    }

    /// <summary>Says whether the last one is a record.</summary>
    /// <returns>The exit code.</returns>
    internal static int Judge(ComparedSeeds[] compared, IReporter reporter)
    {
        var candidate = compared[^1];
        // The lowest is compared with none.
        var difference = candidate.Difference ?? (compared[0].Difference is { } other ? other with { Nats = -other.Nats } : null);
        var (isRecord, name) = (compared.Length == 1 || difference is { Nats: < 0, P: < Level }, candidate.Setting);
        var shown = difference is null ? "" : ComparisonTable.Show(candidate.Mean, difference);
        reporter.Say(isRecord
            ? $"{name} is a record"
            : $"{name} is no record: its loss is not lower than that of {compared[0].Setting} with p < {Numbers.Show(Level, "0.00")}");
        reporter.Say(
            $"| [{name}]({name}.csx) | {candidate.Parameters} | {Numbers.Nats(candidate.Mean)} | "
            + $"{Numbers.Show(candidate.Deviation, "0.0000")} | {shown} |");
        return isRecord ? 0 : 1;
    }

    private static string NameOf(string file) => Path.GetFileNameWithoutExtension(file);
}
