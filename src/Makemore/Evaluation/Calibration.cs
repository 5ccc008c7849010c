using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>Whether a model's probabilities are calibrated: of all events with probability 0.3, three in ten should
/// occur.</summary>
/// <remarks>Naeini, Cooper, Hauskrecht: "Obtaining well calibrated probabilities using Bayesian binning", 2015, equation 2, and
/// Guo et al.: "On calibration of modern neural networks", 2017, equation 3, in bins of equal width. Whether the bins contain
/// every probability of every token, or only the maximum of each token as in those papers, is documented at each
/// calibration.</remarks>
/// <param name="Bins">The reliability diagram, from 0 to 1.</param>
public sealed record Calibration(IReadOnlyList<CalibrationBin> Bins)
{
    /// <summary>The default number of bins, that of Guo et al.</summary>
    public const int DefaultBins = 15;

    /// <summary>The expected calibration error: the mean distance between probability and frequency over the bins, weighted by
    /// their counts. Between 0 and 1.</summary>
    public double Error
    {
        get
        {
            var total = Bins.Sum(bin => bin.Count);
            return Bins.Where(bin => bin.Count > 0)
                .Sum(bin => Math.Abs(bin.MeanProbability - bin.Frequency) * bin.Count / total);
        }
    }

    /// <summary>The calibration of the probabilities of some events.</summary>
    public static Calibration Of(IEnumerable<(double Probability, bool Occurred)> events, int bins = DefaultBins)
    {
        var counter = new CalibrationCounter(bins);
        foreach (var (probability, occurred) in events)
            counter.Add(probability, occurred);
        return counter.ToCalibration();
    }
}

/// <summary>Counts the probabilities of events in bins.</summary>
internal sealed class CalibrationCounter(int bins)
{
    private readonly long[] _counts = new long[bins], _hits = new long[bins];
    private readonly double[] _sums = new double[bins];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double probability, bool occurred)
    {
        var bin = Math.Clamp((int)(probability * bins), 0, bins - 1);
        _counts[bin]++;
        _sums[bin] += probability;
        _hits[bin] += occurred ? 1 : 0;
    }

    public Calibration ToCalibration() => new(
        [.. _counts.Select((count, bin) => new CalibrationBin(
            (double)bin / bins, (bin + 1.0) / bins, count, _sums[bin] / count, (double)_hits[bin] / count))]);
}
