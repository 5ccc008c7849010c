namespace Makemore;

/// <summary>How far samples' runs of n tokens are from the training words', beside how far as many training words would
/// be.</summary>
/// <param name="N">The number of tokens in a run.</param>
/// <param name="Bits">The Jensen-Shannon divergence of the samples from the training words
/// (<see cref="NGramCounts.Divergence"/>).</param>
/// <param name="Floor">The noise floor: the mean divergence of as many training words, drawn with replacement, from all of
/// them. What is not above it cannot be told from the training words. NaN where runs of n tokens are so rare that no draw has
/// one.</param>
/// <param name="FloorDeviation">The standard deviation of that from draw to draw.</param>
public sealed record NGramDivergence(int N, double Bits, double Floor, double FloorDeviation)
{
    /// <summary>Draws of training words for the noise floor.</summary>
    public const int Draws = 4;

    /// <summary>The divergence over its noise floor: 1 is as good as the training words themselves.</summary>
    public double OverFloor => Bits / Floor;

    /// <summary>Compares samples with training words; a pure function of the key.</summary>
    /// <exception cref="ArgumentException">There is no run of n tokens in the samples or in the training words.</exception>
    public static NGramDivergence Of(
        int n, IReadOnlyCollection<Sample> samples, IReadOnlyCollection<Sample> train, Key key, int draws = Draws) =>
        Of(NGramCounts.Of(n, samples), samples.Count, new NGramRuns(n, train), key, draws);

    /// <summary>Compares the runs of so many samples with those of the training words.</summary>
    internal static NGramDivergence Of(NGramCounts runs, int samples, NGramRuns train, Key key, int draws = Draws)
    {
        var floors = Enumerable.Range(0, draws)
            .Select(draw => train.CountsOf(Drawn(train.Words, samples, key.At(draw))))
            .Where(counts => counts.Distinct > 0)
            .Select(counts => NGramCounts.Divergence(counts, train.Counts))
            .ToArray();
        return new(
            runs.N, NGramCounts.Divergence(runs, train.Counts), floors.DefaultIfEmpty(double.NaN).Average(),
            floors.Length > 1 ? Bootstrap.StandardError(floors) : double.NaN);
    }

    private static int[] Drawn(int words, int count, Key key)
    {
        var drawn = new int[count];
        key.Below(words, drawn);
        return drawn;
    }
}
