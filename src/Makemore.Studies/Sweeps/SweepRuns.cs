using System.Collections.Concurrent;
using System.Collections.Immutable;
using LanguageExt;

namespace Makemore;

/// <summary>A run of a sweep.</summary>
/// <param name="Setting">Its setting.</param>
/// <param name="Seed">Its seed.</param>
internal sealed record SweepRun(SweepSetting Setting, string Seed)
{
    /// <summary>Its folder in the work dir.</summary>
    public string Folder => Path.Combine(Setting.Name, Seed);
}

/// <summary>The runs of a sweep while they train: each is a process of its own.</summary>
internal sealed class SweepRuns
{
    private const int PollMilliseconds = 500, MaxThreads = 4;

    private readonly SweepOptions _options;
    private readonly SweepPlan _plan;
    private readonly string _script;
    private readonly ChildScripts _children;
    private readonly IReporter _reporter;
    private readonly Lock _lock = new();
    private SweepRecord _record;

    private SweepRuns(
        SweepOptions options, SweepPlan plan, string script, ChildScripts children, IReporter reporter, SweepRecord record) =>
        (_options, _plan, _script, _children, _reporter, _record) = (options, plan, script, children, reporter, record);

    /// <summary>The runs of a new sweep, or of the one that the work dir has, which must be of the same script and options.</summary>
    public static Either<Fault, SweepRuns> Open(
        SweepOptions options, SweepPlan plan, string script, ChildScripts children, IReporter reporter)
    {
        var file = Path.Combine(options.WorkDir, WorkFiles.SweepFile);
        var fresh = new SweepRecord(
            Path.GetFileName(script), FileHash.Of(script), plan.Common, ImmutableSortedDictionary<string, string>.Empty);
        return
            // A sweep that failed at its first run, because an option was wrong, is nobody's.
            from before in File.Exists(file) && HasRuns(options.WorkDir) ? JsonFile.Read<SweepRecord>(file) : fresh
            from _ in Differs(before, fresh) is { } what
                ? new Fault.OtherPurpose($"a sweep {what}").In(options.WorkDir)
                : (Either<Fault, Unit>)Unit.Default
            from __ in JsonFile.Write(file, before)
            select new SweepRuns(options, plan, script, children, reporter, before);
    }

    private static bool HasRuns(string workDir) =>
        Directory.EnumerateFiles(workDir, WorkFiles.RecordFile, SearchOption.AllDirectories).Any();

    private static string? Differs(SweepRecord before, SweepRecord now) =>
        before.SweptScript != now.SweptScript ? $"of {Fault.Quoted(before.SweptScript)}"
        : before.ScriptHash != now.ScriptHash ? $"of {now.SweptScript} as it was before a change"
        : !before.Arguments.SequenceEqual(now.Arguments)
            ? $"whose runs have {(before.Arguments.IsEmpty ? "no other options" : Fault.Quoted(string.Join(' ', before.Arguments)))}"
        : null;

    /// <summary>Trains the runs that have not finished, several at a time. A run that fails after it has begun, because it diverges, is
    /// left out with the others of its setting.</summary>
    /// <returns>The runs of the settings that are trained with every seed.</returns>
    public Either<Fault, SweepRun[]> Train()
    {
        SweepRun[] all = [.. _plan.Settings.SelectMany(setting => _plan.Seeds.Select(seed => new SweepRun(setting, seed)))];
        var pending = all.Where(run => !IsFinished(run)).ToArray();
        if (pending.Length < all.Length)
            _reporter.Say($"{all.Length - pending.Length} of {all.Length} runs have finished before");
        var (cores, failed, stops) = (Environment.ProcessorCount, new ConcurrentDictionary<SweepRun, Fault>(), new ConcurrentQueue<Fault>());
        var jobs = Math.Max(1, Math.Min(_options.Jobs ?? cores, pending.Length));
        var threads = Math.Clamp(cores / jobs, 1, MaxThreads);
        Parallel.ForEach(
            Partitioner.Create(pending, EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = jobs },
            (run, loop) => Shell.Try(() => Train(run, threads)).Match(
                _ => { },
                fault =>
                {
                    if (fault is not Fault.Interrupted && HasBegun(run))
                        failed[run] = fault;
                    else
                    {
                        stops.Enqueue(fault);
                        loop.Stop();
                    }
                }));
        if (stops.TryPeek(out var stop))
            return stop;
        foreach (var setting in _plan.Settings)
            if (all.Where(run => run.Setting == setting && failed.ContainsKey(run)).ToArray() is [var first, ..] lost)
                Say($"{setting.Name}: left out, because {lost.Length} of {_plan.Seeds.Length} runs failed: {failed[first]}");
        SweepRun[] trained = [.. all.Where(run => !failed.Keys.Any(other => other.Setting == run.Setting))];
        return trained.Length > 0 ? trained : Fault.Of("no setting was trained with every seed");
    }

    private Either<Fault, Unit> Train(SweepRun run, int threads)
    {
        var folder = InWorkDir(run);
        WaitUntilIdle(folder);
        string[] given = [.. _plan.Common, .. run.Setting.Arguments];
        // Resumed, a run against the clock would have all of its time again.
        var isResumed = File.Exists(Path.Combine(folder, WorkFiles.StateFile)) && !given.Contains("--max-seconds");
        string[] progress = isResumed ? ["--resume"] : ["--keep", "0"];
        string[] defaults =
        [
            .. new[] { ("--threads", $"{threads}"), ("--report-samples", "0") }
                .Where(option => !given.Contains(option.Item1))
                .SelectMany(option => new[] { option.Item1, option.Item2 }),
        ];
        return
            from _ in _children.LastLine(
                _script, [.. given, FinishedRun.Seed, run.Seed, "-o", folder, .. defaults, .. progress])
            from finished in FinishedRun.Read(folder, _script)
            from __ in Record(run, finished)
            select __;
    }

    private Either<Fault, Unit> Record(SweepRun run, FinishedRun finished)
    {
        lock (_lock)
        {
            _record = _record with { Finished = _record.Finished.SetItem(Recorded(run), finished.Record.ModelHash!) };
            _reporter.Say($"{run.Setting.Name}, seed {run.Seed}: trained");
            return JsonFile.Write(Path.Combine(_options.WorkDir, WorkFiles.SweepFile), _record);
        }
    }

    /// <summary>A run that outlived a killed sweep finishes first.</summary>
    private void WaitUntilIdle(string folder)
    {
        if (WorkDir.IsIdle(folder).IsRight)
            return;
        Say($"{folder}: waiting for the process that writes to it");
        while (WorkDir.IsIdle(folder).IsLeft)
            Thread.Sleep(PollMilliseconds);
    }

    private void Say(string line)
    {
        lock (_lock)
            _reporter.Say(line);
    }

    private bool IsFinished(SweepRun run) => _record.Finished.TryGetValue(Recorded(run), out var hash)
        && FinishedRun.Read(InWorkDir(run), _script).Exists(finished => finished.Record.ModelHash == hash);

    private bool HasBegun(SweepRun run) => File.Exists(Path.Combine(InWorkDir(run), WorkFiles.RecordFile));

    private string InWorkDir(SweepRun run) => Path.Combine(_options.WorkDir, run.Folder);

    private static string Recorded(SweepRun run) => $"{run.Setting.Name}/{run.Seed}";
}
