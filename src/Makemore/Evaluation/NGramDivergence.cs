namespace Makemore;

/// <summary>How far the n-grams of samples are from those of the training words, with a noise floor to compare with.</summary>
/// <param name="N">The number of tokens in an n-gram.</param>
/// <param name="Bits">The Jensen-Shannon divergence of the samples from the training words
/// (<see cref="NGramCounts.Divergence"/>).</param>
/// <param name="Floor">The noise floor: the mean divergence from the training words of an equal number of training words, drawn
/// with replacement. A divergence at the floor cannot be told from the training words. NaN if n-grams are so rare that no draw
/// has one.</param>
/// <param name="FloorDeviation">The standard deviation of the floor over the draws.</param>
public sealed record NGramDivergence(int N, double Bits, double Floor, double FloorDeviation)
{
    /// <summary>The number of draws for the noise floor.</summary>
    public const int Draws = 4;

    /// <summary>The divergence relative to its noise floor: at 1 samples are as good as the training words themselves.</summary>
    public double OverFloor => Bits / Floor;

    /// <summary>Compares samples with training words; a pure function of the key.</summary>
    /// <param name="n">The number of tokens in an n-gram.</param>
    /// <param name="samples">The tokens of each sample, as <see cref="NGramCounts.Of"/> takes them.</param>
    /// <param name="train">The tokens of each training word.</param>
    /// <param name="key">The randomness.</param>
    /// <param name="draws">The number of draws for the noise floor.</param>
    /// <exception cref="ArgumentException">The samples or the training words have no n-gram.</exception>
    public static NGramDivergence Of(
        int n, IReadOnlyCollection<int[]> samples, IReadOnlyCollection<int[]> train, Key key, int draws = Draws) =>
        Of(NGramCounts.Of(n, samples), samples.Count, new NGramSequences(n, train), key, draws);

    /// <summary>Compares the n-grams of samples with those of the training words.</summary>
    internal static NGramDivergence Of(NGramCounts counts, int samples, NGramSequences train, Key key, int draws = Draws)
    {
        var floors = Enumerable.Range(0, draws)
            .Select(draw => train.CountsOf(Resample(train.Words, samples, key.At(draw))))
            .Where(drawn => drawn.Distinct > 0)
            .Select(drawn => NGramCounts.Divergence(drawn, train.Counts))
            .ToArray();
        return new(
            counts.N, NGramCounts.Divergence(counts, train.Counts), floors.DefaultIfEmpty(double.NaN).Average(),
            Deviation(floors));
    }

    private static double Deviation(double[] values)
    {
        var mean = values.DefaultIfEmpty(0).Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }

    private static int[] Resample(int words, int count, Key key)
    {
        var drawn = new int[count];
        key.Below(words, drawn);
        return drawn;
    }
}
