namespace Makemore;

/// <summary>How long words are, in tokens, their end not counted.</summary>
/// <param name="Counts">How many words have length 0, 1, …</param>
public sealed record LengthDistribution(IReadOnlyList<long> Counts)
{
    /// <summary>The mean length; NaN where there are no words.</summary>
    public double Mean => Counts.Select((count, length) => (double)count * length).Sum() / Counts.Sum();

    /// <summary>The lengths of words.</summary>
    public static LengthDistribution Of(IReadOnlyCollection<Sample> words)
    {
        var longest = 0;
        foreach (var word in words)
            longest = Math.Max(longest, word.Tokens.Count);
        var counts = new long[longest + 1];
        foreach (var word in words)
            counts[word.Tokens.Count]++;
        return new(counts);
    }

    /// <summary>The Wasserstein-1 distance of two distributions, in tokens: by how much the lengths of one have to be moved
    /// on the mean to become the other. The sum over lengths of the distance of the cumulative shares.</summary>
    /// <remarks>Vallender: "Calculation of the Wasserstein distance between probability distributions on the line", 1974.</remarks>
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
