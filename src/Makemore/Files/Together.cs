using LanguageExt;

namespace Makemore;

/// <summary>Several outcomes as one.</summary>
internal static class Together
{
    /// <summary>All values in their order, or the first fault.</summary>
    /// <remarks>The library's Sequence says the same for any pair of types, and has to be compiled anew at every start.</remarks>
    public static Either<Fault, T[]> All<T>(this IEnumerable<Either<Fault, T>> outcomes)
    {
        var (values, first) = (new List<T>(), (Fault?)null);
        foreach (var outcome in outcomes)
        {
            outcome.Match(values.Add, fault => first = fault);
            if (first is not null)
                return first;
        }
        return values.ToArray();
    }
}
