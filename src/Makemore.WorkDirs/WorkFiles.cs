using System.Collections.Immutable;
using System.Text;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>The files that Makemore writes to work dirs for one purpose. Each is told by its beginning from a file of the same name
/// that somebody else wrote, which is never replaced.</summary>
/// <param name="Names">The names of the files.</param>
/// <param name="Other">What has a report of the same name, and so may not be in the same folder.</param>
/// <param name="OfOther">The names of the files that only the other has.</param>
internal sealed record WorkFiles(ImmutableArray<string> Names, string Other, ImmutableArray<string> OfOther)
{
    /// <summary>The files of a run, of a comparison, and of a sweep.</summary>
    public const string StateFile = Checkpoint.StateFile, ModelFile = Checkpoint.ModelFile,
        MetricsFile = "metrics.jsonl", DiagnosticsFile = "diagnostics.jsonl", RecordFile = "run.json",
        EvaluationFile = "evaluation.json", ReportFile = "report.html", LensFile = "lens.html",
        EventsFile = "events.out.tfevents.makemore", ComparisonFile = "comparison.json", SweepFile = "sweep.json";

    private const int BeginningSize = 1024;
    private const string CheckpointMark = "\"format\":\"makemore ";

    /// <summary>The files of a run.</summary>
    public static WorkFiles OfRun { get; } = new(
        [
            StateFile, ModelFile, MetricsFile, DiagnosticsFile, RecordFile,
            EvaluationFile, ReportFile, LensFile, EventsFile,
        ],
        "comparison", [ComparisonFile]);

    /// <summary>The files of a comparison.</summary>
    public static WorkFiles OfComparison { get; } = new(
        [ComparisonFile, ReportFile], "run", [RecordFile, ModelFile, StateFile]);

    /// <summary>The files of a sweep, whose results are those of a comparison.</summary>
    public static WorkFiles OfSweep { get; } = OfComparison with { Names = [.. OfComparison.Names, SweepFile] };

    /// <summary>No files, for work that only locks a folder.</summary>
    public static WorkFiles None { get; } = new([], "", []);

    /// <summary>A text near the beginning of a file, made when such a file is there.</summary>
    private static string MarkOf(string name) => name switch
    {
        StateFile or ModelFile => CheckpointMark,
        MetricsFile => JsonFile.Beginning<Metrics>(),
        DiagnosticsFile => JsonFile.Beginning<Diagnosis>(),
        RecordFile => JsonFile.Beginning<RunRecord>(),
        EvaluationFile => JsonFile.Beginning<EvaluationRecord>(),
        ComparisonFile => JsonFile.Beginning<ComparisonRecord>(),
        SweepFile => JsonFile.Beginning<SweepRecord>(),
        ReportFile or LensFile => Report.Policy,
        EventsFile => EventFile.Version,
        _ => throw new ArgumentException($"{name}: not a file that Makemore writes to work dirs."),
    };

    /// <summary>Nothing, or why the files may not be written to a folder: Makemore did not write those that are there, or wrote them for
    /// another purpose.</summary>
    public Either<Fault, Unit> Claim(string folder) =>
        from _ in OfOther.Any(file => IsOurs(Path.Combine(folder, file)))
            ? new Fault.OtherPurpose($"a {Other}, whose report would be replaced").In(folder)
            : (Either<Fault, Unit>)unit
        from __ in Names.Select(file => Path.Combine(folder, file)).Select(path => !Path.Exists(path)
            ? unit
            : InputFile.Read<Unit>(path, stream => IsOurs(stream) ? unit : new Fault.ForeignFile())).All()
        select unit;

    /// <summary>Whether Makemore wrote a file, if there is one.</summary>
    public static bool IsOurs(string path) => InputFile.Read<bool>(path, stream => IsOurs(stream)).Match(isOurs => isOurs, _ => false);

    /// <summary>Whether Makemore wrote a file. An empty one is nobody's loss.</summary>
    private static bool IsOurs(FileStream stream)
    {
        var beginning = new byte[BeginningSize];
        var length = stream.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false);
        return length == 0
            || Encoding.UTF8.GetString(beginning, 0, length).Contains(MarkOf(Path.GetFileName(stream.Name)), StringComparison.Ordinal);
    }
}
