using System.Globalization;
using System.Runtime.InteropServices;

namespace Makemore;

/// <summary>What a split did, and how far its test flatters: a test word that stands in the training words too has been
/// learned, not guessed.</summary>
/// <param name="Words">The number of words.</param>
/// <param name="Distinct">The number of different words.</param>
/// <param name="Train">The number of training words.</param>
/// <param name="Validation">The number of validation words.</param>
/// <param name="Test">The number of test words.</param>
/// <param name="Leaked">The number of test words, repetitions included, that stand in the training words too.</param>
public sealed record SplitReport(long Words, long Distinct, long Train, long Validation, long Test, long Leaked)
{
    /// <summary>The report on a split of words.</summary>
    public static SplitReport Of(IWords words, Split split)
    {
        // A word that occurs more often than in validation and test is in train: no pass over train's random order.
        var everywhere = Counts(words);
        var held = Counts(split.Validation, split.Test);
        var leaked = split.Test.All().LongCount(word => everywhere[word] > held[word]);
        return new(
            words.Count, everywhere.Count, split.Train.Count, split.Validation.Count, split.Test.Count, leaked);
    }

    /// <summary>The report as one line.</summary>
    public override string ToString()
    {
        var validation = Validation > 0 ? $"{Validation} validation, " : "";
        return $"data: {Words} words ({Distinct} distinct), {Train} train, {validation}{Test} test; {Leak}";
    }

    private string Leak => Leaked == 0
        ? "no test word also stands in train"
        : $"{Leaked} test word{(Leaked == 1 ? "" : "s")} ({Percent} %) also stand{(Leaked == 1 ? "s" : "")} in train: "
            + "--deduplicate removes them";

    private string Percent => (100.0 * Leaked / Test).ToString("0.0", CultureInfo.InvariantCulture);

    private static Dictionary<string, long> Counts(params IWords[] parts)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var word in parts.SelectMany(part => part.All()))
            CollectionsMarshal.GetValueRefOrAddDefault(counts, word, out _)++;
        return counts;
    }
}
