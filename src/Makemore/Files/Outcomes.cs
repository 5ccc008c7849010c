using LanguageExt;

namespace Makemore;

/// <summary>Operations on outcomes: values or faults.</summary>
public static class Outcomes
{
    /// <summary>The same outcome; a fault with a place in front.</summary>
    public static Either<Fault, T> In<T>(this Either<Fault, T> outcome, string place) =>
        outcome.IsLeft ? ((Fault)outcome).In(place) : outcome;

    /// <summary>The value. Makemore.Console has <c>OrExit</c>, which prints the fault on one line and ends the program.</summary>
    /// <exception cref="FaultException">It is a fault.</exception>
    public static T OrThrow<T>(this Either<Fault, T> outcome) => outcome.IfLeft(fault => throw new FaultException(fault));

    /// <summary>All values in order, or the first fault; nothing after it is evaluated.</summary>
    public static Either<Fault, T[]> All<T>(this IEnumerable<Either<Fault, T>> outcomes)
    {
        var values = new List<T>();
        foreach (var outcome in outcomes)
        {
            if (outcome.IsLeft)
                return (Fault)outcome;
            values.Add((T)outcome);
        }
        return values.ToArray();
    }
}
