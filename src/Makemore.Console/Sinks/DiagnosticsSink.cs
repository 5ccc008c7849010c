using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>Writes a line of diagnostics.jsonl for each step that was inspected.</summary>
internal static class DiagnosticsSink
{
    /// <summary>The sink of a run; the file begins empty unless the run is resumed. Without --diagnose there is none.</summary>
    public static Either<Fault, Sink> Open(RunContext run) => run.Options.Diagnose
        ? JsonFile.BeginLines(run.InWorkDir(RunContext.DiagnosticsFile), run.Options.Resume).Map<Sink>(file => happened =>
            happened is RunEvent.Diagnosed { Diagnosis: var diagnosis } ? JsonFile.AppendLine(file, diagnosis) : unit)
        : Right<Fault, Sink>(_ => unit);
}
