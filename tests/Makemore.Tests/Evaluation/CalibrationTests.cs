namespace Makemore.Tests;

/// <summary>Calibration on cases worked out by hand.</summary>
public sealed class CalibrationTests
{
    [Fact]
    public void Error_OfTwoBins_IsTheWeightedDistanceOfProbabilityAndFrequency()
    {
        // 0.2 and 0.4 in the lower bin, one of two occurred: |0.3 − 0.5|; 0.9 in the upper one, it did not: |0.9 − 0|.
        var calibration = Calibration.Of([(0.2, false), (0.4, true), (0.9, false)], bins: 2);
        Assert.Equal(((2 * 0.2) + 0.9) / 3, calibration.Error, 1e-12);
        var lower = calibration.Bins[0];
        Assert.Equal(new(0, 0.5, 2, 0.3, 0.5), lower with { MeanProbability = Math.Round(lower.MeanProbability, 12) });
    }

    [Theory]
    [InlineData(0.0, 0), InlineData(0.0999, 0), InlineData(0.1, 1), InlineData(1.0, 9)]
    public void Probability_OnAnEdge_IsInTheUpperBin(double probability, int bin) =>
        Assert.Equal(bin, Calibration.Of([(probability, true)], bins: 10).Bins.ToList().FindIndex(b => b.Count == 1));

    [Fact]
    public void Losses_OfAModelWithProbabilitiesOfOneHalf_AreLn2()
    {
        // In any context: tokens 1 and 2 with probability 1/2 each, the stop with 0. The word is 1 2 and a stop.
        var model = Model.FromForward<Table>("halves", 4, _ => new(Tensor.Of([-100f, 0, 0], [3])), (p, ids) =>
            Tensor.Zeros([.. ids.Shape, 1]) + p.Logits);
        var batch = new Batch(Tensor.Of([0, 1, 2], [1, 3]), Tensor.Of([1, 2, 0], [1, 3]));
        var losses = TokenLosses.Of(model, model.Init(default), [batch], bins: 4);
        Assert.Equal([1, 2, 0], losses.Words[0].Targets);
        Assert.Equal(100 + (3 * Math.Log(2)), losses.Words[0].Total, 1e-4);
        Assert.Equal(losses.Words[0].Total / 3, losses.Summary.Nats, 1e-12);
        // Two of six events with probability 1/2 occurred, and one of three with probability 0.
        Assert.Equal(
            [(3, 1.0 / 3), (0, double.NaN), (6, 1.0 / 3), (0, double.NaN)],
            losses.Calibration.Bins.Select(bin => ((int)bin.Count, bin.Frequency)));
        Assert.Equal(((6 * (0.5 - (1.0 / 3))) + (3 / 3.0)) / 9, losses.Calibration.Error, 1e-6);
        Assert.Equal(3, losses.TopCalibration.Bins.Sum(bin => bin.Count));
    }

    private sealed record Table(Tensor Logits);
}
