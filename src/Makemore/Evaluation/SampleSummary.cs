namespace Makemore;

/// <summary>The quality of a model's samples. All shares but <see cref="Finished"/> and <see cref="Novel"/> are of the finished
/// samples: a word that was cut is not a word of the model's.</summary>
/// <param name="Count">The number of samples.</param>
/// <param name="Finished">The share of samples that the model ended itself.</param>
/// <param name="Unique">The number of distinct words divided by the number of words.</param>
/// <param name="Novel">The share of the distinct words that are not training words.</param>
/// <param name="InTrain">The share of words that are training words.</param>
/// <param name="HeldHits">The share of words that are held-out words and not training words: the model found them without
/// having seen them.</param>
/// <param name="HeldFound">The number of distinct held-out words found in this way.</param>
/// <param name="HeldUnseen">The number of distinct held-out words that could be found.</param>
/// <param name="Lengths">The lengths of the words.</param>
/// <param name="TrainLengths">The lengths of the training words.</param>
/// <param name="LengthDistance">The distance between the two, in tokens (<see cref="LengthDistribution.Distance"/>).</param>
/// <param name="Divergences">Of n-grams, for n from 1 to 4. The tokens of cut samples count too. Fewer entries if all words are
/// shorter.</param>
/// <param name="Nearest">How near the words are to training words.</param>
/// <param name="HeldNearest">How near the held-out words are to training words.</param>
/// <param name="DistinctNGrams">For n from 1 on: the number of distinct n-grams divided by the number of n-grams, distinct-n
/// (Li et al.: "A diversity-promoting objective function for neural conversation models", 2016, section 5.2).</param>
public sealed record SampleSummary(
    int Count, double Finished, double Unique, double Novel, double InTrain, double HeldHits, int HeldFound, int HeldUnseen,
    LengthDistribution Lengths, LengthDistribution TrainLengths, double LengthDistance,
    IReadOnlyList<NGramDivergence> Divergences, NearestWords Nearest, NearestWords HeldNearest,
    IReadOnlyList<double> DistinctNGrams)
{
    /// <summary>Summarizes samples; a pure function of the key, which draws the noise floors.</summary>
    public static SampleSummary Of(IReadOnlyList<Sample> samples, SampleReference reference, Key key)
    {
        var finished = samples.Where(sample => sample.IsFinished).Select(sample => sample.Tokens).ToArray();
        var words = finished.CountBy(tokens => tokens, SameTokens.Comparer).ToArray();
        var found = words.Where(word => reference.Unseen.Contains(word.Key)).ToArray();
        var lengths = LengthDistribution.Of(Array.ConvertAll(finished, tokens => tokens.Count));
        // The two slow parts run in parallel.
        var counting = Task.Run(() =>
        {
            var sequences = samples.Select(sample => sample.WithStop()).ToArray();
            NGramCounts[] counts = [.. NGramSequences.OfAll(sequences).Select(nGrams => nGrams.Counts)];
            return (Counts: counts, Divergences: Compare(counts, samples.Count, reference, key));
        });
        var nearest = NearestWords.Of(finished, reference.Trie);
        var (counts, divergences) = counting.GetAwaiter().GetResult();
        return new(
            samples.Count,
            Share(finished.Length, samples.Count),
            Share(words.Length, finished.Length),
            Share(words.Count(word => !reference.Train.Contains(word.Key)), words.Length),
            Share(words.Where(word => reference.Train.Contains(word.Key)).Sum(word => word.Value), finished.Length),
            Share(found.Sum(word => word.Value), finished.Length),
            found.Length,
            reference.Unseen.Count,
            lengths,
            reference.Lengths,
            LengthDistribution.Distance(lengths, reference.Lengths),
            divergences,
            nearest,
            reference.HeldNearest,
            [.. counts.Select(nGrams => Share(nGrams.Distinct, nGrams.Total))]);
    }

    private static NGramDivergence[] Compare(NGramCounts[] counts, int samples, SampleReference reference, Key key) =>
    [
        .. from pair in counts.Zip(reference.NGrams, (sampled, train) => (Sampled: sampled, Train: train))
           where pair.Sampled.Distinct > 0 && pair.Train.Counts.Distinct > 0
           select NGramDivergence.Of(pair.Sampled, samples, pair.Train, key.At(pair.Sampled.N)),
    ];

    private static double Share(long part, long whole) => (double)part / whole;
}
