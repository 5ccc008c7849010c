using LanguageExt;

namespace Makemore;

/// <summary>Words in three parts, each in random order; the validation part may be empty.</summary>
public sealed record Split(IWords Train, IWords Validation, IWords Test)
{
    /// <summary>
    /// Splits words by a <see cref="Permutation"/>, computed per index. Without shares, the test part is a tenth of the words and
    /// at most 1,000, as in makemore.py, and there is no validation part. No requested part is empty.
    /// </summary>
    /// <returns>The parts, or that there are too few words.</returns>
    public static Either<Fault, Split> Of(IWords words, Key key, SplitShares? shares = null)
    {
        var (validation, test) = Sizes(words.Count, shares);
        var train = words.Count - validation - test;
        if (train < 1)
            return TooFew(words, validation > 0 ? "train, validation and test" : "train and test");
        var order = new Permutation(key, words.Count);
        return new Split(
            new PermutedWords(words, order, 0, train),
            new PermutedWords(words, order, train, validation),
            new PermutedWords(words, order, train + validation, test));
    }

    private static (long Validation, long Test) Sizes(long count, SplitShares? shares) => shares is null
        ? (0, Math.Clamp(count / 10, 1, 1000))
        : (shares.Validation == 0 ? 0 : Part(count, shares.Validation), Part(count, shares.Test));

    private static long Part(long count, decimal share) => Math.Max(1, (long)(count * share / 100));

    private static Fault TooFew(IWords words, string parts) =>
        Fault.Of($"{words.Source}: {words.Count} word{(words.Count == 1 ? " is" : "s are")} too few to split; "
            + $"{parts} need at least one each");
}
