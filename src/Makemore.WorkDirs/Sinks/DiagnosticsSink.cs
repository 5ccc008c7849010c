using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>Writes a line of diagnostics.jsonl for each inspected step.</summary>
internal static class DiagnosticsSink
{
    /// <summary>The sink of a run; the file starts empty unless the run is resumed.</summary>
    public static Either<Fault, Sink> Open(string workDir, bool isResumed) =>
        JsonFile.StartLines(Path.Combine(workDir, WorkFiles.DiagnosticsFile), isResumed).Map<Sink>(file => happened =>
            happened is RunEvent.Diagnosed { Diagnosis: var diagnosis } ? JsonFile.AppendLines(file, diagnosis) : unit);
}
