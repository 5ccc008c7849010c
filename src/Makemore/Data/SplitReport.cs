namespace Makemore;

/// <summary>What a split did, and how far its test flatters: a test word that stands in the training words too has been
/// learned, not guessed.</summary>
/// <param name="Words">The number of words.</param>
/// <param name="Distinct">The number of different words; nothing where all of them do not fit into memory.</param>
/// <param name="Train">The number of training words.</param>
/// <param name="Validation">The number of validation words.</param>
/// <param name="Test">The number of test words.</param>
/// <param name="Leaked">The number of test words, repetitions included, that stand in the training words too; nothing
/// where there are more than <see cref="MaxTested"/> test words.</param>
public sealed record SplitReport(long Words, long? Distinct, long Train, long Validation, long Test, long? Leaked)
{
    /// <summary>The greatest number of test words that are looked for in the training words.</summary>
    public const int MaxTested = 1_000_000;

    /// <summary>The report on a split of words.</summary>
    public static SplitReport Of(IWords words, Split split) => Of(words, split, Learned(split));

    /// <summary>The report on a split of words of which some are known to be <see cref="Learned"/>.</summary>
    internal static SplitReport Of(IWords words, Split split, IReadOnlySet<string>? learned) => new(
        words.Count,
        words is FileWords ? null : words.All().Distinct(StringComparer.Ordinal).LongCount(),
        split.Train.Count, split.Validation.Count, split.Test.Count,
        learned is null ? null : split.Test.All().LongCount(learned.Contains));

    /// <summary>The different test words that stand in the training words too: one pass over all words that remembers
    /// only the test words. Nothing where there are too many of those.</summary>
    internal static IReadOnlySet<string>? Learned(Split split)
    {
        if (split.Test.Count > MaxTested)
            return null;
        var tested = split.Test.All().ToHashSet(StringComparer.Ordinal);
        return split.Train.Find(tested).Select(found => found.Word).ToHashSet(StringComparer.Ordinal);
    }
}
