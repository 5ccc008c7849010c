using LanguageExt;

namespace Makemore;

/// <summary>Consumes the events of a run: shows them, writes them. A fault ends the run.</summary>
/// <param name="happened">The event.</param>
internal delegate Either<Fault, Unit> Sink(RunEvent happened);
