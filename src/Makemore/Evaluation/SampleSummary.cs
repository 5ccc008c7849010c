namespace Makemore;

/// <summary>What a model's samples are like. All shares but <see cref="Finished"/> and <see cref="Novel"/> are of the finished
/// samples: a word that was cut is no word of the model's.</summary>
/// <param name="Count">How many samples.</param>
/// <param name="Finished">The share of them that the model ended itself.</param>
/// <param name="Unique">The number of different words over the number of words.</param>
/// <param name="Novel">The share of the different words that are not training words.</param>
/// <param name="InTrain">The share of words that are training words.</param>
/// <param name="HeldHits">The share of words that are held-out words and no training words: what the model found without
/// having seen it.</param>
/// <param name="HeldFound">How many different held-out words it found so.</param>
/// <param name="HeldUnseen">How many there are to be found.</param>
/// <param name="Lengths">How long the words are.</param>
/// <param name="TrainLengths">How long the training words are.</param>
/// <param name="LengthDistance">How far the two are apart, in tokens (<see cref="LengthDistribution.Distance"/>).</param>
/// <param name="Divergences">Of runs of 1 to 4 tokens; cut samples count too, as far as they go. Fewer where all words are
/// shorter.</param>
/// <param name="Nearest">How near the words are to training words.</param>
/// <param name="HeldNearest">How near the held-out words are to training words.</param>
/// <param name="DistinctRuns">For n from 1 on: the number of different runs of n tokens over the number of runs (Li et al.: "A
/// diversity-promoting objective function for neural conversation models", 2016, section 5.2: distinct-n).</param>
public sealed record SampleSummary(
    int Count, double Finished, double Unique, double Novel, double InTrain, double HeldHits, int HeldFound, int HeldUnseen,
    LengthDistribution Lengths, LengthDistribution TrainLengths, double LengthDistance,
    IReadOnlyList<NGramDivergence> Divergences, NearestWords Nearest, NearestWords HeldNearest,
    IReadOnlyList<double> DistinctRuns)
{
    /// <summary>Describes samples; a pure function of the key, which draws the noise floors.</summary>
    public static SampleSummary Of(IReadOnlyList<Sample> samples, SampleReference reference, Key key)
    {
        var finished = samples.Where(sample => sample.IsFinished).ToArray();
        var words = finished.CountBy(sample => sample.Tokens, SameTokens.Comparer).ToArray();
        var found = words.Where(word => reference.Unseen.Contains(word.Key)).ToArray();
        var lengths = LengthDistribution.Of(finished);
        // The two that take long, side by side.
        var counting = Task.Run(() =>
        {
            NGramCounts[] runs = [.. NGramRuns.OfAll(samples).Select(read => read.Counts)];
            return (Runs: runs, Divergences: Compare(runs, samples.Count, reference, key));
        });
        var nearest = NearestWords.Of(finished, reference.Trie);
        var (runs, divergences) = counting.GetAwaiter().GetResult();
        return new(
            samples.Count,
            Share(finished.Length, samples.Count),
            Share(words.Length, finished.Length),
            Share(words.Count(word => !reference.Learned.Contains(word.Key)), words.Length),
            Share(words.Where(word => reference.Learned.Contains(word.Key)).Sum(word => word.Value), finished.Length),
            Share(found.Sum(word => word.Value), finished.Length),
            found.Length,
            reference.Unseen.Count,
            lengths,
            reference.Lengths,
            LengthDistribution.Distance(lengths, reference.Lengths),
            divergences,
            nearest,
            reference.HeldNearest,
            [.. runs.Select(counts => Share(counts.Distinct, counts.Total))]);
    }

    private static NGramDivergence[] Compare(NGramCounts[] runs, int samples, SampleReference reference, Key key) =>
    [
        .. from pair in runs.Zip(reference.Runs, (made, all) => (Made: made, All: all))
           where pair.Made.Distinct > 0 && pair.All.Counts.Distinct > 0
           select NGramDivergence.Of(pair.Made, samples, pair.All, key.At(pair.Made.N)),
    ];

    private static double Share(long part, long whole) => (double)part / whole;
}
