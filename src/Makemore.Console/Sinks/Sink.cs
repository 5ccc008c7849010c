using LanguageExt;

namespace Makemore;

/// <summary>What a person, a file or a program makes of the events of a run; a fault ends the run.</summary>
/// <param name="happened">The event.</param>
internal delegate Either<Fault, Unit> Sink(RunEvent happened);
