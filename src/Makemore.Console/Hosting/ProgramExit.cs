using LanguageExt;

namespace Makemore;

/// <summary>Ends programs on faults.</summary>
public static class ProgramExit
{
    /// <summary>The value. If it is a fault, that is printed on one line, and the program exits with code 1.</summary>
    public static T OrExit<T>(this Either<Fault, T> outcome) =>
        outcome.IfLeft(fault => throw Shell.OfProcess().Stop(AppDomain.CurrentDomain.FriendlyName, [fault]));
}
