using LanguageExt;

namespace Makemore;

/// <summary>What is done with values that may be faults instead. LanguageExt's own operators are general over all monads: the
/// runtime loads a hundred types for each that it meets, which a script waits for at its start.</summary>
public static class Outcomes
{
    /// <summary>The beginning of a query whose steps may each end in a fault.</summary>
    public static Steps<T> InSteps<T>(this Either<Fault, T> first) =>
        first.IsLeft ? new((Fault)first, default) : new(null, (T)first);

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

/// <summary>A value, or the fault of the step that ended in one; begun by <see cref="Outcomes.InSteps"/>. What is known between
/// two steps becomes no Either of its own.</summary>
public readonly struct Steps<T>
{
    private readonly Fault? _fault;
    private readonly T? _value;

    internal Steps(Fault? fault, T? value) => (_fault, _value) = (fault, value);

    /// <summary>A step that cannot fail.</summary>
    public Steps<B> Select<B>(Func<T, B> step) => _fault is null ? new(null, step(_value!)) : new(_fault, default);

    /// <summary>A step that may end in a fault.</summary>
    public Steps<C> SelectMany<B, C>(Func<T, Either<Fault, B>> step, Func<T, B, C> select)
    {
        if (_fault is not null)
            return new(_fault, default);
        var next = step(_value!);
        return next.IsLeft ? new((Fault)next, default) : new(null, select(_value!, (B)next));
    }

    /// <summary>The outcome of all steps.</summary>
    public static implicit operator Either<Fault, T>(Steps<T> steps) =>
        steps._fault is null ? steps._value! : steps._fault;
}
