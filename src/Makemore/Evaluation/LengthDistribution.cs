namespace Makemore;

/// <summary>The distribution of the lengths of words, in tokens without the stop.</summary>
/// <param name="Counts">The number of words of length 0, 1, …</param>
public sealed record LengthDistribution(IReadOnlyList<long> Counts)
{
    /// <summary>The mean length; NaN if there are no words.</summary>
    public double Mean => Counts.Select((count, length) => (double)count * length).Sum() / Counts.Sum();

    /// <summary>The distribution of some lengths.</summary>
    public static LengthDistribution Of(IReadOnlyCollection<int> lengths)
    {
        var counts = new long[lengths.DefaultIfEmpty(0).Max() + 1];
        foreach (var length in lengths)
            counts[length]++;
        return new(counts);
    }

    /// <summary>The Wasserstein-1 distance of two distributions, in tokens: how far lengths must move on average to turn one
    /// distribution into the other. It is the sum over lengths of the distance of the cumulative distributions.</summary>
    /// <remarks>Vallender: "Calculation of the Wasserstein distance between probability distributions on the line",
    /// 1974.</remarks>
    public static double Distance(LengthDistribution first, LengthDistribution second)
    {
        var (total, a, b) = (0.0, 0.0, 0.0);
        for (var length = 0; length < Math.Max(first.Counts.Count, second.Counts.Count); length++)
        {
            (a, b) = (a + first.Share(length), b + second.Share(length));
            total += Math.Abs(a - b);
        }
        return total;
    }

    private double Share(int length) => length < Counts.Count ? (double)Counts[length] / Counts.Sum() : 0;
}
