using System.Text;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>The files that Makemore writes to work dirs. Each is told by its beginning from a file of the same name that somebody
/// else wrote, which is never replaced.</summary>
internal static class WorkFiles
{
    private const int BeginningSize = 1024;
    private const string Checkpoint = "\"format\":\"makemore ";

    /// <summary>The files of a run.</summary>
    public static readonly string[] OfRun =
    [
        RunContext.StateFile, RunContext.ModelFile, RunContext.MetricsFile, RunContext.DiagnosticsFile, RunContext.RecordFile,
        RunContext.EvaluationFile, RunContext.ReportFile,
    ];

    /// <summary>The files of a comparison.</summary>
    public static readonly string[] OfComparison = [Comparison.ResultFile, RunContext.ReportFile];

    /// <summary>A text near the beginning of a file, made when such a file is there.</summary>
    private static string MarkOf(string name) => name switch
    {
        RunContext.StateFile or RunContext.ModelFile => Checkpoint,
        RunContext.MetricsFile => JsonFile.Beginning<Metrics>(),
        RunContext.DiagnosticsFile => JsonFile.Beginning<Diagnosis>(),
        RunContext.RecordFile => JsonFile.Beginning<RunRecord>(),
        RunContext.EvaluationFile => JsonFile.Beginning<EvaluationRecord>(),
        Comparison.ResultFile => JsonFile.Beginning<ComparisonRecord>(),
        RunContext.ReportFile => Report.Policy,
        _ => throw new ArgumentException($"{name}: not a file that Makemore writes to work dirs."),
    };

    /// <summary>The fault of a file that somebody else wrote.</summary>
    public static Fault Foreign => Fault.Of("Makemore did not write this file and will not replace it; " + Remedies.ForeignFile);

    /// <summary>Whether files may be written to a folder: only if Makemore wrote those that are there, and for the same purpose. A run
    /// and a comparison have reports of the same name.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="files">The files: <see cref="OfRun"/>, <see cref="OfComparison"/>, or none.</param>
    public static Either<Fault, Unit> Claim(string folder, IReadOnlyList<string> files) =>
        from _ in files == OfRun ? Lacks(folder, "comparison", Comparison.ResultFile)
            : files == OfComparison ? Lacks(folder, "run", RunContext.RecordFile, RunContext.ModelFile, RunContext.StateFile)
            : unit
        from __ in files.Select(file => Path.Combine(folder, file)).Select(path => !Path.Exists(path)
            ? unit
            : InputFile.Read<Unit>(path, stream => IsOurs(stream) ? unit : Foreign)).All()
        select unit;

    /// <summary>Whether Makemore wrote a file, if there is one.</summary>
    public static bool IsOurs(string path) => InputFile.Read<bool>(path, stream => IsOurs(stream)).Match(isOurs => isOurs, _ => false);

    private static Either<Fault, Unit> Lacks(string folder, string owner, params string[] files) =>
        files.Any(file => IsOurs(Path.Combine(folder, file)))
            ? Fault.Of($"holds a {owner}, whose report would be replaced; {Remedies.OtherWorkDir}").In(folder)
            : unit;

    /// <summary>Whether Makemore wrote a file. An empty one is nobody's loss.</summary>
    private static bool IsOurs(FileStream stream)
    {
        var beginning = new byte[BeginningSize];
        var length = stream.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false);
        return length == 0
            || Encoding.UTF8.GetString(beginning, 0, length).Contains(MarkOf(Path.GetFileName(stream.Name)), StringComparison.Ordinal);
    }
}
