using LanguageExt;

namespace Makemore;

/// <summary>What is done with values that may be faults instead. LanguageExt's own operators are general over all monads: the
/// runtime loads a hundred types for each that it meets, which a script waits for at its start.</summary>
public static class Outcomes
{
    /// <summary>The beginning of a query whose steps may each end in a fault.</summary>
    public static Steps<T> InSteps<T>(this Either<Fault, T> first) => new(first);

    /// <summary>The same, a fault with the place where it was found in front.</summary>
    public static Either<Fault, T> In<T>(this Either<Fault, T> outcome, string place) =>
        outcome.IsLeft ? ((Fault)outcome).In(place) : outcome;

    /// <summary>The value; of a fault, what is made of it is thrown.</summary>
    public static T OrThrow<T>(this Either<Fault, T> outcome, Func<Fault, Exception> exception) =>
        outcome.IsLeft ? throw exception((Fault)outcome) : (T)outcome;

    /// <summary>All values in order, or the first fault; what comes after that is not looked at.</summary>
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

/// <summary>A value, or the fault of the step that ended in one.</summary>
public readonly struct Steps<T>(Either<Fault, T> outcome)
{
    private readonly Either<Fault, T> _outcome = outcome;

    /// <summary>A step that cannot fail.</summary>
    public Steps<B> Select<B>(Func<T, B> step) => new(_outcome.IsLeft ? (Fault)_outcome : step((T)_outcome));

    /// <summary>A step that may end in a fault.</summary>
    public Steps<C> SelectMany<B, C>(Func<T, Either<Fault, B>> step, Func<T, B, C> select)
    {
        if (_outcome.IsLeft)
            return new((Fault)_outcome);
        var value = (T)_outcome;
        var next = step(value);
        return new(next.IsLeft ? (Fault)next : select(value, (B)next));
    }

    /// <summary>The outcome of all steps.</summary>
    public static implicit operator Either<Fault, T>(Steps<T> steps) => steps._outcome;
}
