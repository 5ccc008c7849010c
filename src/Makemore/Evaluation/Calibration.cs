using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>Whether a model's probabilities are what they say: of all that it gives 0.3, three in ten should come.</summary>
/// <remarks>Naeini, Cooper, Hauskrecht: "Obtaining well calibrated probabilities using Bayesian binning", 2015, equation 2, and
/// Guo et al.: "On calibration of modern neural networks", 2017, equation 3, in bins of equal width. Whether the bins hold
/// every probability of every token, or only the greatest of each token as in those papers, is said where the calibration
/// stands.</remarks>
/// <param name="Bins">The reliability diagram, from 0 to 1.</param>
public sealed record Calibration(IReadOnlyList<CalibrationBin> Bins)
{
    /// <summary>How many bins, unless told otherwise; that of Guo et al.</summary>
    public const int DefaultBins = 15;

    /// <summary>The expected calibration error: the mean distance of probability and frequency over the bins, each with the
    /// weight of its count. Between 0 and 1.</summary>
    public double Error
    {
        get
        {
            var total = Bins.Sum(bin => bin.Count);
            return Bins.Where(bin => bin.Count > 0)
                .Sum(bin => Math.Abs(bin.MeanProbability - bin.Frequency) * bin.Count / total);
        }
    }

    /// <summary>The calibration of probabilities of which it is known what came true.</summary>
    public static Calibration Of(IEnumerable<(double Probability, bool CameTrue)> given, int bins = DefaultBins)
    {
        var tally = new CalibrationTally(bins);
        foreach (var (probability, cameTrue) in given)
            tally.Add(probability, cameTrue);
        return tally.ToCalibration();
    }
}

/// <summary>Counts probabilities into bins as they come.</summary>
internal sealed class CalibrationTally(int bins)
{
    private readonly long[] _counts = new long[bins], _hits = new long[bins];
    private readonly double[] _sums = new double[bins];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double probability, bool cameTrue)
    {
        var bin = Math.Clamp((int)(probability * bins), 0, bins - 1);
        _counts[bin]++;
        _sums[bin] += probability;
        _hits[bin] += cameTrue ? 1 : 0;
    }

    public Calibration ToCalibration() => new(
        [.. _counts.Select((count, bin) => new CalibrationBin(
            (double)bin / bins, (bin + 1.0) / bins, count, _sums[bin] / count, (double)_hits[bin] / count))]);
}
