namespace Makemore;

/// <summary>The sizes of a split, and how many test words have leaked into the training words: those can be memorized instead of
/// predicted.</summary>
/// <param name="Words">The number of words.</param>
/// <param name="Distinct">The number of distinct words; null if the words are not in memory.</param>
/// <param name="Train">The number of training words.</param>
/// <param name="Validation">The number of validation words.</param>
/// <param name="Test">The number of test words.</param>
/// <param name="Leaked">The number of test words, counting repetitions, that are also training words; null if there are more than
/// <see cref="MaxTested"/> test words.</param>
public sealed record SplitReport(long Words, long? Distinct, long Train, long Validation, long Test, long? Leaked)
{
    /// <summary>The maximum number of test words that are searched for in the training words.</summary>
    public const int MaxTested = 1_000_000;

    /// <summary>The report on a split.</summary>
    public static SplitReport Of(IWords words, Split split) => Of(words, split, LeakedWords(split));

    /// <summary>The report on a split whose <see cref="LeakedWords"/> are known.</summary>
    internal static SplitReport Of(IWords words, Split split, IReadOnlySet<string>? leaked) => new(
        words.Count,
        words is FileWords ? null : words.All().Distinct(StringComparer.Ordinal).LongCount(),
        split.Train.Count, split.Validation.Count, split.Test.Count,
        leaked is null ? null : split.Test.All().LongCount(leaked.Contains));

    /// <summary>The distinct test words that are also training words, from one pass over all words; null if there are too many
    /// test words.</summary>
    internal static IReadOnlySet<string>? LeakedWords(Split split)
    {
        if (split.Test.Count > MaxTested)
            return null;
        var tested = split.Test.All().ToHashSet(StringComparer.Ordinal);
        return split.Train.Find(tested).Select(found => found.Word).ToHashSet(StringComparer.Ordinal);
    }
}
