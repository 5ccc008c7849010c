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
    public static Fault Foreign => Fault.Of("Makemore did not write this file and does not replace it; " + Remedies.ForeignFile);

    /// <summary>Whether a file may be replaced, if there is one: only if Makemore wrote it.</summary>
    public static Either<Fault, Unit> Claim(string path) => FileFaults.Catch<Unit>(path, () => !File.Exists(path) || IsOurs(path)
        ? unit
        : Foreign);

    /// <summary>Whether Makemore wrote a file. An empty one is nobody's loss.</summary>
    public static bool IsOurs(string path)
    {
        if (new FileInfo(path).Length == 0)
            return true;
        using var stream = File.OpenRead(path);
        var beginning = new byte[BeginningSize];
        return Encoding.UTF8.GetString(beginning.AsSpan(0, stream.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)))
            .Contains(MarkOf(Path.GetFileName(path)), StringComparison.Ordinal);
    }
}
