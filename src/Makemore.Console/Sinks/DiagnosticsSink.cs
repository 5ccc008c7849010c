using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>Writes a line of diagnostics.jsonl for each inspected step.</summary>
internal static class DiagnosticsSink
{
    /// <summary>The sink of a run; without --diagnose it does nothing. The file starts empty unless the run is resumed.</summary>
    public static Either<Fault, Sink> Open(RunContext run) => run.Options.Diagnose
        ? JsonFile.StartLines(run.InWorkDir(RunContext.DiagnosticsFile), run.Options.Resume).Map<Sink>(file => happened =>
            happened is RunEvent.Diagnosed { Diagnosis: var diagnosis } ? JsonFile.AppendLines(file, diagnosis) : unit)
        : Right<Fault, Sink>(_ => unit);
}
